"""The index beside the database: opened, followed, repaired, and never believed."""

import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from marketplace.accounts import queries as accounts
from marketplace.catalog.models import Product
from marketplace.catalog.queries import public
from marketplace.catalog.rules import ProductState
from marketplace.commodities import services as words
from marketplace.commodities.rules import SpellingDraft, SpellingKind
from marketplace.core.clock import now
from marketplace.infra import search
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.generations import Generations
from marketplace.infra.transaction import transaction
from marketplace.suggestions.jobs.computing import suggest_for_need
from marketplace.suggestions.models import Suggestion
from tests.factories import make_product
from tests.suggestions.conftest import Market
from tests.support.processes import in_processes, start_process


@pytest.fixture
def indexed(app: Flask, market: Market) -> Path:
    """The generation written for the market; this process has forgotten what it knew."""
    with transaction():
        note_change("product", market.product.id)
    assert search.reindex() == 1
    search.forget()
    found = Generations(app.config["DATA_DIR"] / "index").current()
    assert found is not None
    return found


@pytest.fixture
def no_build(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> object:
        raise AssertionError("the index was built though a generation lies there")

    monkeypatch.setattr(search, "_built", refuse)


def find() -> list[int]:
    """What a visitor finds; a function of the module, so that other processes can call it."""
    return search.find_products("kemplang")


def reindex_for_ever() -> None:
    while True:
        search.reindex()


def find_while_others_write(seconds: float) -> set[tuple[int, ...]]:
    end = time.monotonic() + seconds
    found = set()
    while time.monotonic() < end:
        found.add(tuple(find()))
    return found


@pytest.mark.usefixtures("no_build")
def test_a_process_that_starts_opens_the_generation_and_builds_nothing(
    market: Market,
) -> None:
    assert find() == [market.product.id]


@pytest.mark.usefixtures("no_build")
def test_what_was_published_or_withdrawn_since_it_was_written_is_right_in_the_next_question(
    market: Market,
) -> None:
    newer = make_product(market.producer, name="Kemplang bakar 100 g")
    with transaction():
        note_change("product", newer.id)
    assert set(find()) == {market.product.id, newer.id}
    with transaction():
        market.product.state = ProductState.WITHDRAWN
        note_change("product", market.product.id)
    assert find() == [newer.id]
    search.forget()
    assert find() == [newer.id]


def test_a_withdrawn_product_that_a_stale_index_still_finds_is_never_shown(
    indexed: Path, market: Market
) -> None:
    with transaction():
        # Behind the back of the index: no change is noted.
        session.execute(
            update(Product)
            .where(Product.id == market.product.id)
            .values(state=ProductState.WITHDRAWN)
        )
    assert find() == [market.product.id]
    assert not public.page_of_public_products(public.Wanted(text="kemplang"), number=1).items
    assert suggest_for_need({"need_id": market.need.id}, lambda done, total: None) == {"added": 0}
    assert not session.scalars(select(Suggestion)).all()


def test_a_running_process_goes_over_to_the_generation_another_one_wrote(
    app: Flask, indexed: Path, market: Market
) -> None:
    assert find() == [market.product.id]
    newer = make_product(market.producer, name="Kemplang bakar 100 g")
    in_processes(app, search.reindex, [()])
    assert set(find()) == {market.product.id, newer.id}


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "no bookmark"])
def test_a_damaged_index_is_built_anew_while_the_service_answers(
    indexed: Path, market: Market, damage: str
) -> None:
    largest = max(indexed.iterdir(), key=lambda path: path.stat().st_size)
    content = largest.read_bytes()
    match damage:
        case "cut":
            largest.write_bytes(content[: len(content) // 2])
        case "changed":
            largest.write_bytes(bytes(len(content)))
        case "emptied":
            for path in indexed.iterdir():
                path.write_bytes(b"")
        case _:
            (indexed / "bookmark.json").unlink()
    assert find() == [market.product.id]
    search.keep_index()
    search.forget()
    repaired = Generations(indexed.parent).current()
    assert repaired is not None
    assert repaired != indexed
    assert find() == [market.product.id]


ANOTHER_VERSION = "the search index is from another version; it is built anew"


def told_while_starting(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the log says while a process makes itself ready and answers."""
    with caplog.at_level(logging.INFO, logger=search.__name__):
        assert find()
        search.forget()
        assert find()
    return [record for record in caplog.records if record.name == search.__name__]


def test_an_index_of_another_version_is_told_once_in_one_plain_line(
    indexed: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("marketplace.matching.snapshot.ENGINE_VERSION", "99")
    (record,) = told_while_starting(caplog)
    assert record.getMessage() == ANOTHER_VERSION
    assert record.exc_info is None


def test_a_damaged_index_is_told_with_where_it_broke(
    indexed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    largest = max(indexed.iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(b"x")
    records = told_while_starting(caplog)
    assert records
    assert all(record.exc_info for record in records)
    assert ANOTHER_VERSION not in caplog.text


def test_an_index_of_another_database_is_not_used(indexed: Path, market: Market) -> None:
    place = indexed / "bookmark.json"
    told = json.loads(place.read_text(encoding="utf-8"))
    told["change"] = told["change"].replace(str(now().year), "2019")
    place.write_text(json.dumps(told), encoding="utf-8")
    newer = make_product(market.producer, name="Kemplang bakar 100 g")
    assert set(find()) == {market.product.id, newer.id}


def test_an_index_made_for_other_words_is_not_used(indexed: Path, market: Market) -> None:
    officer = accounts.actor_of(accounts.get_person(market.officer.id))
    taught = SpellingDraft(written="kletikan", means="kemplang", kind=SpellingKind.DIALECT, note="")
    with transaction():
        words.add_spelling(actor=officer, draft=taught)
    assert search.find_products("kletikan") == [market.product.id]
    search.keep_index()
    written = Generations(indexed.parent).current()
    assert written is not None
    assert written != indexed


def test_a_new_generation_is_written_once_a_day_and_not_more(indexed: Path) -> None:
    shelf = Generations(indexed.parent)
    search.keep_index()
    assert shelf.current() == indexed
    with time_machine.travel(now() + timedelta(days=1)):
        search.keep_index()
        tomorrow = shelf.current()
        assert tomorrow != indexed
        search.keep_index()
        assert shelf.current() == tomorrow


def test_while_one_process_writes_another_one_leaves_it_to_it(indexed: Path) -> None:
    with Generations(indexed.parent).sole_writer(wait_seconds=0):
        assert search.reindex(wait_seconds=0) is None


@pytest.mark.both_databases
def test_a_writer_killed_at_any_moment_takes_nothing_from_those_who_search(
    app: Flask, market: Market
) -> None:
    with transaction():
        note_change("product", market.product.id)
    search.reindex()
    for moment in (0.3, 0.5, 0.8):
        writer = start_process(app, reindex_for_ever)
        (found,) = in_processes(app, find_while_others_write, [(moment,)])
        writer.kill()
        writer.join(20)
        assert found == {(market.product.id,)}
    session.rollback()
    search.forget()
    assert find() == [market.product.id]


def test_reindex_says_how_many_products_there_are(
    app: Flask, indexed: Path, run_jobs: Callable[[], int]
) -> None:
    ran = app.test_cli_runner().invoke(args=["reindex"])
    assert ran.exit_code == 0, ran.output
    assert "1 products" in ran.output

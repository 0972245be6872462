"""An expo where goods are sold reports turnover like a bazaar; one without sales is not asked."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.documents.stall_links import stall_token
from marketplace.programs.documents.sums import public_sums_of
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import figures
from marketplace.programs.rules import ProgramKind
from marketplace.programs.services import bazaars, turnover
from tests.programs.fairs import Fair, make_fair, report


def expo(count: int = 5, **given: object) -> Fair:
    return make_fair(count, kind=ProgramKind.EXPO, title="Pameran Uji", **given)


def _tick(fair: Fair, sells: bool) -> None:
    with transaction():
        program = queries.get_bazaar(fair.id)
        bazaars.change_bazaar(
            actor=fair.actor,
            bazaar_id=fair.id,
            draft=replace(bazaars.draft_of(program), sells=sells),
            version=program.version,
        )


def _estimate(fair: Fair, amount: int) -> None:
    with transaction():
        turnover.add_estimate(
            actor=fair.actor,
            program_id=fair.id,
            amount=amount,
            said_by="Panitia",
            said_on=fair.days[0],
        )


@pytest.mark.both_databases
def test_an_expo_with_sales_counts_like_a_bazaar(app: Flask) -> None:
    fair = expo(sells=True)
    for holder in fair.holders:
        report(fair, holder, fair.days[0], 500_000)
    _estimate(fair, 9_000_000)
    with transaction():
        bazaars.close_bazaar(actor=fair.actor, bazaar_id=fair.id)
    (found,) = figures.list_figures(fair.days[0], fair.days[-1])
    assert (found.program.id, found.turnover, found.reported) == (fair.id, 2_500_000, 5)
    assert (found.due, found.estimate and found.estimate.amount) == (15, 9_000_000)
    assert figures.totals(fair.days[0], fair.days[-1]).turnover == 2_500_000
    assert len(figures.list_reports(fair.days[0], fair.days[-1])) == 5
    shown = public_sums_of(fair.program, {})
    assert shown is not None
    assert shown.shown.total is not None
    assert shown.shown.total.amount == 2_500_000


def test_an_expo_without_sales_is_asked_for_no_turnover(app: Flask, client, signed_in) -> None:
    fair = expo()
    assert figures.list_figures(fair.days[0], fair.days[-1]) == []
    with pytest.raises(RuleBroken, match="No goods are sold here"):
        report(fair, fair.holders[0], fair.days[0], 500_000)
    with pytest.raises(RuleBroken, match="No goods are sold here"):
        _estimate(fair, 1_000_000)
    token = stall_token(queries.get_holder(fair.holders[0]))
    assert client.get(f"/st/{token}").location == f"/st/{token}/contact"
    page = signed_in(fair.officer).get(f"/bazaars/{fair.id}").text
    assert f"/bazaars/{fair.id}/turnover" not in page


def test_the_stall_of_an_expo_with_sales_enters_its_turnover_by_link(app: Flask, client) -> None:
    fair = expo(2, sells=True)
    token = stall_token(queries.get_holder(fair.holders[0]))
    page = client.get(f"/st/{token}")
    assert page.status_code == 200
    assert 'name="amount"' in page.text
    assert f"/st/{token}/contact" in page.text


def test_the_set_up_asks_whether_an_expo_sells_and_a_bazaar_is_not_asked(
    app: Flask, signed_in
) -> None:
    fair, bazaar = expo(2), make_fair(2)
    browser = signed_in(fair.officer)
    assert 'name="sells"' in browser.get(f"/bazaars/{fair.id}/edit").text
    assert 'name="sells"' in browser.get("/bazaars/new?kind=expo").text
    assert 'name="sells"' not in browser.get("/bazaars/new").text
    assert 'name="sells"' not in browser.get(f"/bazaars/{bazaar.id}/edit").text
    _tick(fair, sells=True)
    assert fair.program.sells
    assert f"/bazaars/{fair.id}/turnover" in browser.get(f"/bazaars/{fair.id}").text
    # An expo planned like a bazaar does not sell unless it says so.
    page = browser.get(f"/bazaars/new?kind=expo&like={bazaar.id}").text
    assert "checked" not in page[page.index('name="sells"') - 60 : page.index('name="sells"') + 60]


def test_what_sold_cannot_become_what_sold_nothing(app: Flask) -> None:
    fair = expo(2, sells=True)
    _tick(fair, sells=False)
    assert not fair.program.sells
    _tick(fair, sells=True)
    report(fair, fair.holders[0], fair.days[0], 500_000)
    with pytest.raises(InvalidInput) as refused:
        _tick(fair, sells=False)
    assert "sells" in refused.value.fields
    assert fair.program.sells


@pytest.mark.both_databases
def test_a_bazaar_always_sells(app: Flask) -> None:
    fair = make_fair(2)
    _tick(fair, sells=False)
    assert fair.program.sells
    with pytest.raises(IntegrityError, match="bazaars_sell"), transaction():
        session.execute(text("UPDATE programs SET sells = false WHERE id = :id"), {"id": fair.id})

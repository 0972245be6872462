"""A saved engine goes on where it was, in any number of processes, or says that it cannot."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.core.quantity import Kind, Quantity
from marketplace.matching import Engine, HeldPaper, Need, NeedLine, Offer, PriceBreak, World
from marketplace.matching.snapshot import DamagedSnapshot
from marketplace.matching.words import Vocabulary
from tests.matching.conftest import TODAY

OFFERS = [
    Offer(
        "k1",
        "Kemplang panggang tenggiri 250 gr",
        category="kemplang",
        brand="Obor",
        price=30_000,
        price_breaks=(PriceBreak(10, 28_000),),
        unit="bungkus",
        pack=Quantity(250, Kind.MASS),
        zones=frozenset({"sumatera", "jabodetabek"}),
        papers=(HeldPaper("pirt", True, TODAY),),
        papers_told=frozenset({"halal"}),
    ),
    Offer("k2", "Kempelang goreng"),
    Offer("g1", "Getas ikan tenggiri Bangka", description="renyah, isi 12"),
    *(Offer(f"x{number}", f"Sirup jeruk kunci botol {number}") for number in range(700)),
]
NEED = Need("n1", "kempelang pangang 250g", lines=(NeedLine("", "19.71", 40),), max_price=40_000)


@pytest.fixture
def engine(world: World) -> Engine:
    made = Engine(world)
    made.load(OFFERS)
    made.load_needs([NEED])
    return made


@pytest.fixture
def saved(engine: Engine, tmp_path: Path) -> Path:
    engine.save(tmp_path / "saved")
    return tmp_path / "saved"


def test_an_opened_engine_answers_as_the_saved_one(
    engine: Engine, saved: Path, world: World
) -> None:
    opened = Engine.open(saved, world)
    assert len(opened) == len(OFFERS)
    assert opened.rank(NEED, explain=True) == engine.rank(NEED, explain=True)
    assert opened.rank_needs(OFFERS[0]) == engine.rank_needs(OFFERS[0])
    assert opened.search("sirup jerk kunci") == engine.search("sirup jerk kunci")
    assert opened.suggest_terms("kem") == engine.suggest_terms("kem")
    assert opened.judge(OFFERS[0], NEED) == engine.judge(OFFERS[0], NEED)


def test_an_opened_engine_takes_new_changed_and_withdrawn_offers(saved: Path, world: World) -> None:
    opened, another = Engine.open(saved, world), Engine.open(saved, world)
    opened.upsert(Offer("new", "Rusip teri asin"))
    opened.upsert(replace(OFFERS[1], title="Getas goreng pedas"))
    opened.withdraw("g1")
    assert [hit[0] for hit in opened.search("rusip")] == ["new"]
    assert [hit[0] for hit in opened.search("getas")] == ["k2"]
    assert "g1" in {hit[0] for hit in another.search("getas")}
    assert not another.search("rusip")


def test_saving_again_keeps_what_was_added_since(saved: Path, world: World) -> None:
    opened = Engine.open(saved, world)
    opened.upsert(Offer("new", "Rusip teri asin"))
    opened.save(saved)
    assert [hit[0] for hit in Engine.open(saved, world).search("rusip")] == ["new"]
    assert [hit[0] for hit in opened.search("rusip")] == ["new"]
    assert len(list(saved.iterdir())) == 3


def test_an_engine_without_offers_can_be_saved_too(world: World, tmp_path: Path) -> None:
    Engine(world).save(tmp_path)
    opened = Engine.open(tmp_path, world)
    opened.upsert(OFFERS[0])
    assert [hit[0] for hit in opened.search("kemplang")] == ["k1"]


@pytest.mark.parametrize("name", ["arrays-1.bin", "state-1.bin", "snapshot.json"])
@pytest.mark.parametrize("harm", ["gone", "shorter", "changed"])
def test_a_damaged_snapshot_is_refused(saved: Path, world: World, name: str, harm: str) -> None:
    path = saved / name
    content = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
    elif harm == "shorter":
        path.write_bytes(content[:-1])
    else:
        content[len(content) // 2] ^= 255
        path.write_bytes(content)
    with pytest.raises(DamagedSnapshot):
        Engine.open(saved, world)


def test_a_snapshot_of_another_version_is_refused(
    saved: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.matching.snapshot.ENGINE_VERSION", "0.9")
    with pytest.raises(DamagedSnapshot, match=r"0\.9"):
        Engine.open(saved, world)


def test_a_snapshot_read_with_other_words_is_refused(saved: Path, world: World) -> None:
    other = Vocabulary().with_spellings([("kemplang", "kerupuk")])
    with pytest.raises(DamagedSnapshot, match="read otherwise"):
        Engine.open(saved, replace(world, vocabulary=other))


def test_a_snapshot_names_no_foreign_code(
    saved: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marketplace.matching import snapshot

    snapshot.save(saved, os.system, world.words_version)
    with pytest.raises(DamagedSnapshot, match=r"names posix\.system"):
        Engine.open(saved, world)


def test_who_is_killed_while_saving_leaves_the_snapshot_before(saved: Path, world: World) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from marketplace.matching import snapshot
import numpy as np
left = int(sys.argv[2])
def flush(file, before=snapshot._flush):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    before(file)
snapshot._flush = flush
snapshot.save(Path(sys.argv[1]), np.arange(9), "other words")
"""
    for step in (1, 2, 3):
        killed = subprocess.run([sys.executable, "-c", program, str(saved), str(step)], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert len(Engine.open(saved, world)) == len(OFFERS)

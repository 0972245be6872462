"""Every peer does the work it is measured on."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bench import peers
from bench.figures import HAS_PARTNER, IS_RIGHT, Sheet, read
from bench.peers import PEERS, make_peer
from bench.peers.base import Hits, NotHere, Peer, Text
from bench.peers.quality import keeps_partners, measure
from bench.scale import Facts, Wish
from bench.sets import TASKS, Task
from marketplace.matching import Need, Offer

COUNT = 50
GOODS = ("kerupuk", "terasi", "sambal", "keripik", "madu")
PLACES = ("bangka", "belitung", "toboali", "mentok", "koba")
TEXTS = [
    Text(f"{GOODS[row % 5]} {PLACES[row // 5 % 5]} nomor{row}", body="dari dapur sendiri")
    for row in range(COUNT)
]
# Every second offer passes the wish below.
FACTS = Facts(
    np.arange(COUNT, dtype=np.uint8) % 2,
    np.zeros(COUNT, np.uint8),
    np.ones(COUNT, bool),
    np.full(COUNT, 10_000, np.int32),
)
WISH = Wish(branch=1, zone=0)
NEEDS_PACKAGE = {"tantivy": "tantivy", "bm25s": "bm25s", "TF-IDF char-3": "sparse_dot_topn"}
NEEDS_PACKAGE |= {"TF-IDF words": "sparse_dot_topn"}
IN_POSTGRES = {"PostgreSQL FTS", "pg_trgm"}
# `make bench` installs the others.
INSTALLED = [
    pytest.param(name, marks=pytest.mark.postgres if name in IN_POSTGRES else ())
    for name in PEERS
    if name not in NEEDS_PACKAGE or find_spec(NEEDS_PACKAGE[name])
]


@pytest.fixture(scope="module", params=INSTALLED)
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    made = make_peer(request.param)
    made.prepare()
    made.build(TEXTS, FACTS)
    yield made
    made.close()


def test_the_title_asked_for_comes_first(peer: Peer) -> None:
    for row in (0, 17, COUNT - 1):
        assert peer.top(TEXTS[row].title, 10)[0][0] == row


def test_scores_fall_and_no_row_comes_twice(peer: Peer) -> None:
    hits = peer.top("kerupuk bangka", 10)
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({row for row, _ in hits}) == len(hits) > 0


def test_only_what_passes_the_wish_is_found(peer: Peer) -> None:
    assert {row % 2 for row, _ in peer.top("terasi belitung", 10)} == {0, 1}
    hits = peer.top("terasi belitung", 10, WISH)
    assert hits
    assert all(row % 2 == 1 for row, _ in hits)
    best = TEXTS[hits[0][0]].title
    assert best.startswith("terasi belitung")


def test_of_chosen_rows_the_likest_comes_first(peer: Peer) -> None:
    hits = peer.among(TEXTS[7].title, [3, 7, 12])
    assert hits[0][0] == 7
    assert {row for row, _ in hits} <= {3, 7, 12}


def test_what_is_added_is_found_and_what_is_removed_is_not(peer: Peer) -> None:
    try:
        row = peer.add(Text("getas ikan tenggiri"))
    except NotImplementedError:
        assert "new build" in peer.note
        return
    assert peer.top("getas ikan tenggiri", 1)[0][0] == row
    peer.remove(row)
    assert row not in {found for found, _ in peer.top("getas ikan tenggiri", 10)}


def test_a_peer_whose_package_is_missing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(peers._WHERE, "bm25s", "not_a_module:Nothing")
    with pytest.raises(NotHere, match="not installed"):
        make_peer("bm25s")


class _Knowing(Peer):
    """Finds the partner of every need where it is not taken away, but never first."""

    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        self.rows = {text.title: row for row, text in enumerate(texts)}

    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        own = self.rows[question]
        score = 9.0 if keeps_partners(Need(str(own), question)) else 1.0
        return [((own + 3) % COUNT, score), ((own ^ 1), score / 2)][:count]

    def among(self, question: str, rows: Sequence[int]) -> Hits:
        raise NotImplementedError


def test_a_peer_is_asked_whether_there_is_a_partner_beside_whether_its_answer_is_right(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One that always knows there is one, and always names another, is right and wrong."""
    titles = [text.title for text in TEXTS]
    offers = [Offer(str(row), title) for row, title in enumerate(titles)]
    needs = [Need(str(row), title) for row, title in enumerate(titles)]
    grades = {str(row): {str(row ^ 1): 1.0} for row in range(COUNT)}
    task = Task("abt_buy", offers, needs, grades, is_match=True)
    monkeypatch.setitem(TASKS, "abt_buy", lambda: task)
    monkeypatch.setattr("bench.peers.quality.make_peer", lambda _name: _Knowing())
    measure("knowing", ["abt_buy"], Sheet(tmp_path / "sheet", "knowing"), COUNT)
    told = {figure.measure: figure.value for figure in read(tmp_path / "sheet")}
    assert told == {"P@1": 0.0, HAS_PARTNER: 1.0, IS_RIGHT: 0.5}

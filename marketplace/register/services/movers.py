"""What becomes of the rows that hang on an entry when it is merged: one rule per column.

The table that ties rules to columns is MERGE in wiring.py; a test refuses a new column without one.
Every rule leaves a list of what it moved, which is what its way back needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marketplace.businesses.models import Branch, Business, Paper
from marketplace.businesses.rules import PaperState
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.text import fold
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.register import guards, queries
from marketplace.register.rules import TwinState

Record = list[Any]


@dataclass(frozen=True, slots=True)
class Merging:
    """Who joins which entry (`merged_id`) into which (`survivor_id`)."""

    actor: Actor
    survivor_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class MergeRule:
    """`move` hands the rows over and says which; `undo` takes them back by that."""

    move: Callable[[Merging], Record]
    undo: Callable[[Merging, Record], None]


# History: it stays with the number it was written for, and the survivor shows both.
STAYS = MergeRule(lambda _merging: [], lambda _merging, _record: None)


def handed_over(table: str, column: str, *, feed: str = "", returns: bool = True) -> MergeRule:
    """The rows name the survivor from now on; `feed` tells the index that they changed.

    Without `returns` they stay with the survivor when the merge is undone.
    """

    def move(merging: Merging) -> Record:
        ids = list(queries.ids_of(table, column, merging.merged_id))
        guards.repoint(table, column, ids, merging.merged_id, merging.survivor_id)
        _tell(feed, ids)
        return ids

    def undo(merging: Merging, ids: Record) -> None:
        if returns:
            guards.repoint(table, column, ids, merging.survivor_id, merging.merged_id)
            _tell(feed, ids)

    return MergeRule(move, undo)


def _tell(feed: str, ids: Record) -> None:
    if feed:
        for row_id in ids:
            note_change(feed, row_id)


# --- people: who works for both works for the survivor once


def _move_memberships(merging: Merging) -> Record:
    there = {held.person_id for held in queries.memberships_of(merging.survivor_id)}
    moved: Record = []
    for held in queries.memberships_of(merging.merged_id):
        double = held.person_id in there
        if double:
            guards.remove_rows("memberships", [held.id])
        else:
            guards.set_values("memberships", held.id, {"business_id": merging.survivor_id})
        moved.append({"id": held.id, "person": held.person_id, "double": double})
    return moved


def _return_memberships(merging: Merging, moved: Record) -> None:
    for each in moved:
        if each["double"]:
            values = {"person_id": each["person"], "business_id": merging.merged_id}
            guards.add_row("memberships", values)
        else:
            ids = [each["id"]]
            guards.repoint(
                "memberships", "business_id", ids, merging.survivor_id, merging.merged_id
            )


MEMBERSHIPS = MergeRule(_move_memberships, _return_memberships)


# --- branches: a place of the same name, or a single shop, is there once


def _move_branches(merging: Merging) -> Record:
    survivor = session.get_one(Business, merging.survivor_id)
    there = list(queries.branches_of(merging.survivor_id))
    named = {fold(branch.name): branch for branch in there}
    names = {branch.name for branch in there}
    single = next((branch for branch in there if branch.is_open), None)
    moved: Record = []
    for branch in queries.branches_of(merging.merged_id):
        twin = named.get(fold(branch.name)) if survivor.is_chain else single
        values: dict[str, Any] = {"business_id": merging.survivor_id}
        if twin is not None:
            values["is_open"] = False
        if branch.name in names:
            values["name"] = f"{branch.name[:180]} (#{branch.id})"
        names.add(str(values.get("name", branch.name)))
        lines = list(queries.lines_at(branch.id)) if twin is not None else []
        if twin is not None:
            guards.repoint("need_lines", "branch_id", lines, branch.id, twin.id)
        elif single is None and branch.is_open:
            single = branch
        moved.append(_branch_record(branch, twin, lines))
        guards.set_values("branches", branch.id, values)
    return moved


def _branch_record(branch: Branch, twin: Branch | None, lines: list[int]) -> dict[str, Any]:
    return {
        "id": branch.id,
        "name": branch.name,
        "is_open": branch.is_open,
        "to": twin.id if twin is not None else None,
        "lines": lines,
    }


def _return_branches(merging: Merging, moved: Record) -> None:
    for each in moved:
        if each["to"] is not None:
            guards.repoint("need_lines", "branch_id", each["lines"], each["to"], each["id"])
        values = {name: each[name] for name in ("name", "is_open")}
        guards.set_values("branches", each["id"], {**values, "business_id": merging.merged_id})


BRANCHES = MergeRule(_move_branches, _return_branches)


# --- papers: the same paper handed in at both counts once, the checked one if there is one


def _move_papers(merging: Merging) -> Record:
    there = {_paper_key(paper): paper for paper in queries.live_papers_of(merging.survivor_id)}
    live = {paper.id: paper for paper in queries.live_papers_of(merging.merged_id)}
    moved: Record = []
    for paper_id in queries.ids_of("papers", "business_id", merging.merged_id):
        paper = live.get(paper_id)
        twin = there.get(_paper_key(paper)) if paper is not None else None
        if paper is None or twin is None:
            guards.set_values("papers", paper_id, {"business_id": merging.survivor_id})
            moved.append({"id": paper_id, "left": None, "links": []})
        elif _is_better(paper, twin):
            moved.append(_change_places(merging, paper, twin))
        else:
            links = list(queries.links_to(paper.id))
            guards.repoint("product_papers", "paper_id", links, paper.id, twin.id)
            if links:
                moved.append({"id": None, "left": paper.id, "to": twin.id, "links": links})
    return moved


def _paper_key(paper: Paper) -> tuple[Any, ...]:
    return paper.kind, paper.number, paper.valid_to


def _is_better(paper: Paper, twin: Paper) -> bool:
    return paper.state is PaperState.VERIFIED and twin.state is not PaperState.VERIFIED


def _change_places(merging: Merging, paper: Paper, twin: Paper) -> dict[str, Any]:
    """The checked one comes to the survivor, the other stays with the merged entry as history."""
    links = list(queries.links_to(twin.id))
    # Both hold the same number: one steps aside for a moment, or the database refuses.
    guards.set_values("papers", paper.id, {"number": f"~{paper.id}"})
    guards.set_values("papers", twin.id, {"business_id": merging.merged_id})
    guards.set_values(
        "papers", paper.id, {"business_id": merging.survivor_id, "number": paper.number}
    )
    guards.repoint("product_papers", "paper_id", links, twin.id, paper.id)
    return {"id": paper.id, "left": twin.id, "to": paper.id, "links": links, "swapped": True}


def _return_papers(merging: Merging, moved: Record) -> None:
    for each in moved:
        if each.get("swapped"):
            paper = session.get_one(Paper, each["id"], populate_existing=True)
            number = paper.number
            guards.set_values("papers", paper.id, {"number": f"~{paper.id}"})
            guards.set_values("papers", each["left"], {"business_id": merging.survivor_id})
            values = {"business_id": merging.merged_id, "number": number}
            guards.set_values("papers", paper.id, values)
        elif each["id"] is not None:
            guards.set_values("papers", each["id"], {"business_id": merging.merged_id})
        if each["links"]:
            guards.repoint("product_papers", "paper_id", each["links"], each["to"], each["left"])


PAPERS = MergeRule(_move_papers, _return_papers)


# --- lines of business: a code both have stands once, and the entry that stays keeps its main one


def _move_kbli(merging: Merging) -> Record:
    there = queries.kbli_rows_of(merging.survivor_id)
    held = {row.said for row in there}
    has_main = any(row.is_main for row in there)
    moved: Record = []
    for row in queries.kbli_rows_of(merging.merged_id):
        if row.said in held:
            continue  # it stays with the merged entry, and both say the same
        moved.append({"id": row.id, "main": row.is_main})
        values = {"business_id": merging.survivor_id, "is_main": row.is_main and not has_main}
        guards.set_values("business_kbli", row.id, values)
        has_main = has_main or row.is_main
    return moved


def _return_kbli(merging: Merging, moved: Record) -> None:
    back = {each["id"]: each["main"] for each in moved}
    for row in queries.kbli_rows_of(merging.survivor_id):
        if row.id in back:
            values = {"business_id": merging.merged_id, "is_main": back[row.id]}
            guards.set_values("business_kbli", row.id, values)
    # What came may have been the main one: the first of what is left takes its place.
    left = queries.kbli_rows_of(merging.survivor_id)
    if left and not left[0].is_main:
        guards.set_values("business_kbli", left[0].id, {"is_main": True})


KBLI = MergeRule(_move_kbli, _return_kbli)


# --- pairs: "not the same" said of the merged entry holds for the survivor too


def _copy_answers(merging: Merging) -> Record:
    added: Record = []
    for twin in queries.twins_among({merging.merged_id}):
        other = twin.second_id if twin.first_id == merging.merged_id else twin.first_id
        if other == merging.survivor_id or twin.state is not TwinState.NOT_SAME:
            continue
        if queries.find_twin(merging.survivor_id, other) is not None:
            continue
        first, second = sorted((merging.survivor_id, other))
        guards.add_row(
            "business_twins",
            {
                "first_id": first,
                "second_id": second,
                "state": TwinState.NOT_SAME,
                "grounds": twin.grounds,
                "confidence": twin.confidence,
                "found_at": now(),
                "decided_by_id": twin.decided_by_id,
                "decided_by_name": twin.decided_by_name,
                "decided_at": twin.decided_at,
            },
        )
        copied = queries.find_twin(first, second)
        assert copied is not None
        added.append(copied.id)
    return added


def _forget_answers(_merging: Merging, added: Record) -> None:
    guards.remove_rows("business_twins", added)


TWINS = MergeRule(_copy_answers, _forget_answers)


# --- entries merged into the merged one lead to the survivor in one step


def _shorten(merging: Merging) -> Record:
    ids = list(queries.ids_of("businesses", "merged_into_id", merging.merged_id))
    guards.follow(merging.merged_id, merging.survivor_id, ids)
    return ids


def _lengthen(merging: Merging, ids: Record) -> None:
    guards.follow(merging.survivor_id, merging.merged_id, ids)


LINKS = MergeRule(_shorten, _lengthen)

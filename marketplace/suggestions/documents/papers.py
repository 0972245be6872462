"""A paper that both the law and the need ask for is told once, with both reasons.

The engine gives a verdict for each of the two, for one can be set aside and the other not. Beside
each other on a card they read like two papers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marketplace.core.params import PaperKind
from marketplace.matching import Verdict

Fix = Mapping[str, Any]
_ASKED = "papers"
_HALAL = frozenset({"halal", "halal_large"})
_STRENGTH = {"block": 0, "warn": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict as it is told; `too` are the papers of it that the need asks for by itself."""

    verdict: Verdict
    too: tuple[PaperKind, ...] = ()


def told_once(verdicts: Sequence[Verdict]) -> list[Told]:
    """The same verdicts in their order, what the need asks for and the law does too put together.

    The sentence of the law stays, for it says which papers would do; of the need's own verdict
    stays what no law asks for, and nothing where that is nothing.
    """
    asked = next((verdict for verdict in verdicts if verdict.rule == _ASKED), None)
    if asked is None:
        return [Told(verdict) for verdict in verdicts]
    left = _kinds(asked.params["papers"])
    told: list[Told] = []
    for verdict in verdicts:
        too: tuple[PaperKind, ...] = ()
        if verdict is not asked and _holds(verdict) == _holds(asked):
            too = tuple(kind for kind in left if kind in _lawful(verdict))
        left = tuple(kind for kind in left if kind not in too)
        told.append(_joined(verdict, asked, too) if too else Told(verdict))
    return [
        item if item.verdict is not asked else Told(_only(asked, left))
        for item in told
        if item.verdict is not asked or left
    ]


def _holds(verdict: Verdict) -> bool:
    return verdict.outcome == "pass"


def strength_of(verdict: Verdict) -> int:
    """0 for what blocks; the higher, the less it stands in the way."""
    return _STRENGTH[verdict.severity]


def _kinds(papers: object) -> tuple[PaperKind, ...]:
    listed = papers if isinstance(papers, tuple) else ()
    return tuple(kind for kind in listed if isinstance(kind, PaperKind))


def _lawful(verdict: Verdict) -> tuple[PaperKind, ...]:
    """The papers a verdict of the law speaks of; only such a verdict has a basis."""
    if not verdict.basis:
        return ()
    if verdict.rule in _HALAL:
        return () if verdict.params.get("exempt") else (PaperKind("halal"),)
    return _kinds(verdict.params.get("papers"))


def _joined(law: Verdict, asked: Verdict, too: tuple[PaperKind, ...]) -> Told:
    """One verdict for both: as strict as the stricter, mended by what the need asks for."""
    fixes = [law.fix, asked.fix] if asked.outcome == "fail" else [law.fix]
    changed = replace(law, fix=_fix_for(too, fixes))
    if law.outcome == asked.outcome == "fail":
        changed = replace(changed, severity=min(law, asked, key=strength_of).severity)
    return Told(changed, too)


def _fix_for(kinds: Iterable[PaperKind], fixes: Sequence[Fix | None]) -> Fix | None:
    """These papers; more where one of the two brings more with it, nothing where one has none."""
    if None in fixes:
        return None
    with_more = next((fix for fix in fixes if fix and fix.get("also")), None)
    return with_more or {"field": "papers", "add": [str(kind) for kind in kinds]}


def _only(asked: Verdict, left: tuple[PaperKind, ...]) -> Verdict:
    fix = asked.fix
    if fix is not None and not fix.get("also"):
        fix = _fix_for(left, [fix])
    return replace(asked, params={**asked.params, "papers": left}, fix=fix)

"""How well one peer finds and orders on the shared sets: same needs, same measures as the engine.

What a peer is allowed here and the engine is not: its threshold for F1 is the best one there is,
found on the very needs it is quoted on.
"""

import hashlib
import math
from collections.abc import Sequence

import numpy as np

from bench.figures import HAS_PARTNER, IS_RIGHT, Sheet
from bench.peers import make_peer
from bench.peers.base import Hits, NotHere, Peer, Text
from bench.sets import TASKS, Task
from marketplace.matching import Need, evaluate

DEPTH = 60
_THRESHOLDS = np.arange(0.02, 1.2, 0.01)


def measure(name: str, sets: Sequence[str], sheet: Sheet, sample: int) -> None:
    """Write the figures of one peer on each set, on at most `sample` needs of it."""
    try:
        peer = make_peer(name)
        peer.prepare()
    except NotHere as reason:
        for one in sets:
            sheet.write(one, "", problem=f"not available here: {reason}")
        return
    try:
        for one in sets:
            _measure(peer, TASKS[one](), sheet, sample)
    finally:
        peer.close()


def _measure(peer: Peer, task: Task, sheet: Sheet, sample: int) -> None:
    needs = sampled(task, sample)
    peer.build([Text(offer.title, offer.brand, offer.description) for offer in task.offers])
    rows = {offer.id: row for row, offer in enumerate(task.offers)}
    (_matching if task.is_match else _searching)(peer, task, needs, rows, sheet)


def sampled(task: Task, most: int) -> list[Need]:
    """The needs that have an answer; the same ones every time where there are more than `most`."""
    able = [need for need in task.needs if any(task.grades.get(need.id, {}).values())]
    return sorted(able, key=_drawn)[:most]


def _drawn(need: Need) -> str:
    return hashlib.md5(need.id.encode()).hexdigest()


def interval(values: Sequence[float]) -> float:
    """Half of the 95 % interval of a mean."""
    if len(values) < 2:
        return math.nan
    return float(1.96 * np.std(values, ddof=1) / math.sqrt(len(values)))


def _write(sheet: Sheet, task: Task, measure: str, values: Sequence[float]) -> None:
    sheet.write(
        task.name,
        measure,
        float(np.mean(values)),
        plus_minus=interval(values),
        count=len(values),
    )


def _searching(
    peer: Peer, task: Task, needs: Sequence[Need], rows: dict[str, int], sheet: Sheet
) -> None:
    """nDCG@10: over the judged products alone, or over the whole catalogue."""
    values = []
    for need in needs:
        grades = task.grades[need.id]
        if task.judged_only:
            judged = [rows[one] for one in grades]
            found = [row for row, _ in peer.among(need.title, judged)]
            placed = set(found)
            found += [row for row in judged if row not in placed]
        else:
            found = [row for row, _ in peer.top(need.title, 10)]
        ids = [task.offers[row].id for row in found]
        values.append(evaluate.ndcg_at(ids, grades))
    _write(sheet, task, "nDCG@10", values)


def _matching(
    peer: Peer, task: Task, needs: Sequence[Need], rows: dict[str, int], sheet: Sheet
) -> None:
    places, recalls, firsts, sure, answers = [], [], [], [], []
    for need in needs:
        grades = task.grades[need.id]
        hits = peer.top(need.title, DEPTH)
        others, full = _apart(hits, rows.get(need.id))
        ids = [task.offers[row].id for row, _ in others]
        places.append(evaluate.reciprocal_rank(ids, grades))
        recalls.append(evaluate.recall_at(ids, grades))
        firsts.append(float(bool(ids) and ids[0] in grades))
        scores = np.array([score / full for _, score in others])
        truth = np.array([one in grades for one in ids], bool)
        answers.append((scores, truth, len(grades)))
        keeps = keeps_partners(need)
        left = np.flatnonzero(keeps | ~truth)[:1]
        # Where nothing is left, "no match" is said as surely as can be.
        sure.append((float(scores[left].sum()), keeps, bool(truth[left].any())))
    if task.name == "shopee":
        _write(sheet, task, "MRR@10", places)
        _write(sheet, task, "recall@10", recalls)
        _write(sheet, task, "mean F1", _best_f1(answers))
    else:
        _write(sheet, task, "P@1", firsts)
    told, has, right = zip(*sure, strict=True)
    sheet.write(task.name, HAS_PARTNER, evaluate.auc(told, has), count=len(sure))
    sheet.write(task.name, IS_RIGHT, evaluate.auc(told, right), count=len(sure))


def _apart(hits: Hits, own: int | None) -> tuple[Hits, float]:
    """The hits without the need itself, and what the need scores with itself (else 1)."""
    full = next((score for row, score in hits if row == own), 1.0)
    return [hit for hit in hits if hit[0] != own], max(full, 1e-9)


def keeps_partners(need: Need) -> bool:
    """Half of the needs lose all true partners, to see whether that is noticed."""
    return int(_drawn(need), 16) // 7 % 2 == 0


def _best_f1(answers: Sequence[tuple[np.ndarray, np.ndarray, int]]) -> list[float]:
    """F1 of every need at the one threshold that is best for their mean; the need itself counts."""
    best: list[float] = []
    for threshold in _THRESHOLDS:
        values = []
        for scores, truth, partners in answers:
            taken = scores >= threshold
            hits = 1 + int((taken & truth).sum())
            values.append(2 * hits / (1 + int(taken.sum()) + 1 + partners))
        if not best or np.mean(values) > np.mean(best):
            best = values
    return best

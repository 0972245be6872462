"""Papers a need asks for and nobody has spoken of: they exclude nobody, so the office asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.businesses.rules import PaperKind
from marketplace.core import params
from marketplace.matching import Need, Offer, Pairing
from marketplace.matching.outcome import Verdict
from marketplace.matching.rulebook import SHIPPED_RULES
from marketplace.readiness.queries import Judged

_HALAL = frozenset({"halal", "halal_large"})


@dataclass(frozen=True, slots=True)
class Looked:
    """One pair the measurement looks at: excluded, or turned down for its packaging."""

    offer: Offer
    need: Need
    pairing: Pairing
    is_badly_packed: bool = False

    @property
    def pair(self) -> tuple[int, int]:
        """(product, need)."""
        return int(self.offer.id), int(self.need.id)


def rows_of(
    looked: Sequence[Looked], makers: Mapping[int, int], waiting: Sequence[Judged]
) -> list[dict[str, Any]]:
    """One row for each paper, product and need: of what is stopped, and of what waits."""
    rows: dict[tuple[int, int, str], dict[str, Any]] = {}
    for each in looked:
        product_id, need_id = each.pair
        pair = Judged(
            product_id,
            need_id,
            makers[product_id],
            each.offer.region,
            each.offer.category or each.need.category,
            {},
        )
        rows |= _rows(pair, unsaid_papers(each.pairing.verdicts))
    for pair in waiting:
        if pair.evidence:
            verdicts = Pairing.from_dict(pair.evidence).verdicts
            rows = {**_rows(pair, unsaid_papers(verdicts)), **rows}
    return [rows[key] for key in sorted(rows)]


def _rows(pair: Judged, papers: Iterable[str]) -> dict[tuple[int, int, str], dict[str, Any]]:
    return {
        (pair.product_id, pair.need_id, paper): {
            "product_id": pair.product_id,
            "need_id": pair.need_id,
            "business_id": pair.business_id,
            "area_code": pair.area_code,
            "category_code": pair.category_code,
            "paper": PaperKind(paper),
        }
        for paper in papers
    }


def unsaid_papers(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """The papers to ask for; of a permit that may be one of several, the one to apply for."""
    return frozenset(
        paper
        for verdict in verdicts
        if verdict.outcome == "unknown" and verdict.severity == "block"
        for paper in _papers(verdict)
        if paper in set(PaperKind)
    )


def _papers(verdict: Verdict) -> Iterator[str]:
    if verdict.rule in _HALAL:
        yield "halal"
    elif verdict.rule == "papers":
        told = verdict.params.get("papers")
        for paper in told if isinstance(told, tuple | list) else ():
            if isinstance(paper, params.PaperKind):
                yield paper.kind
    elif verdict.rule in SHIPPED_RULES:
        advised = SHIPPED_RULES[verdict.rule].params.get("advise")
        if advised:
            yield str(advised)

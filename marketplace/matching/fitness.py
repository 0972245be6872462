"""Points for how well the terms fit: price, volume, way, papers. An unknown earns none of them.

A term that is known to pass earns a third of its points at once and the rest by how good it is, so
that a known good always stands above an unknown.
"""

from collections.abc import Iterator

from marketplace.core.params import Count, Days, PaperKind, Percent, UnitPrice
from marketplace.matching.eligibility import Assessment
from marketplace.matching.outcome import Params, Point, Verdict
from marketplace.matching.settings import FitPoints

# In the order in which the kernel that judges keeps their points.
PARTS = (
    "fit_price", "fit_share", "fit_distance", "fit_papers", "fit_shelf_life",
    "fit_category", "fit_terms", "fit_storage", "fit_cash",
)  # fmt: skip
# Headroom under the ceiling beyond which nobody cares for more.
_FULL_HEADROOM = 0.30
_FAR_DAYS = 14
_COUNTED_PAPERS = 4


def fit_points(assessment: Assessment) -> list[Point]:
    """Whole points of every comparison of terms that is known and does not fail."""
    passed = {verdict.rule: verdict for verdict in assessment.verdicts if verdict.outcome == "pass"}
    fit = assessment.case.settings.fit
    found = [*_plain(passed, fit), *_price(assessment, passed), *_shelf_life(assessment, passed)]
    found += [*_share(assessment), *_distance(assessment), *_papers(assessment)]
    return [point for point in found if point.points]


def _graded(most: int, goodness: float) -> int:
    """A third for passing, the rest by goodness in 0..1."""
    base = most // 3
    return base + round((most - base) * min(1.0, max(0.0, goodness)))


def _plain(passed: dict[str, Verdict], fit: FitPoints) -> Iterator[Point]:
    for rule, most in (
        ("category", fit.category),
        ("terms", fit.terms),
        ("storage", fit.storage),
        ("cash", fit.cash),
    ):
        if rule in passed:
            yield Point(f"fit_{rule}", most, passed[rule].params)


def _price(assessment: Assessment, passed: dict[str, Verdict]) -> Iterator[Point]:
    verdict = passed.get("landed_price")
    if verdict is None:
        return
    landed, ceiling = verdict.params["landed"], verdict.params["ceiling"]
    assert isinstance(landed, UnitPrice)
    assert isinstance(ceiling, UnitPrice)
    headroom = 1 - landed.amount / ceiling.amount if ceiling.amount > 0 else 0.0
    points = _graded(assessment.case.settings.fit.price, headroom / _FULL_HEADROOM)
    yield Point("fit_price", points, {**verdict.params, "percent": Percent(round(headroom * 100))})


def _shelf_life(assessment: Assessment, passed: dict[str, Verdict]) -> Iterator[Point]:
    verdict = passed.get("shelf_life")
    if verdict is None:
        return
    left, asked = verdict.params["left"], verdict.params["asked"]
    assert isinstance(left, Days)
    assert isinstance(asked, Days)
    goodness = (left.n - asked.n) / max(asked.n, 1)
    points = _graded(assessment.case.settings.fit.shelf_life, goodness)
    told = ("left", "asked", "reckoned")
    params = {name: verdict.params[name] for name in told if name in verdict.params}
    yield Point("fit_shelf_life", points, params)


def _share(assessment: Assessment) -> Iterator[Point]:
    covered, volume = assessment.covered, assessment.case.volume
    if covered is None or not volume:
        return
    share = covered / volume
    points = round(assessment.case.settings.fit.share * share)
    unit = assessment.case.need.unit
    params: Params = {
        "covered": Count(covered, unit),
        "wanted": Count(volume, unit),
        "share": Percent(int(share * 100)),
    }
    yield Point("fit_share", points, params)


def _distance(assessment: Assessment) -> Iterator[Point]:
    """Median days to the nearest line that passes; an estimate earns three quarters."""
    case = assessment.case
    legs = [
        case.leg(region)
        for region, here in assessment.regions.items()
        if region and not here.failed
    ]
    known = [leg for leg in legs if leg is not None]
    if not known:
        return
    nearest = min(known, key=lambda leg: (leg.days_median, leg.estimated))
    points = case.settings.fit.distance * max(0.0, 1 - nearest.days_median / _FAR_DAYS)
    points *= 0.75 if nearest.estimated else 1.0
    yield Point("fit_distance", round(points), {"days": Days(nearest.days_median)})


def _papers(assessment: Assessment) -> Iterator[Point]:
    """Papers held that this need or the law counts: a verified one earns more than twice."""
    case = assessment.case
    counted = case.need.papers_required | {"pirt", "md", "halal"}
    held = [paper for kind, paper in case.held.items() if kind in counted]
    if not held:
        return
    verified = sum(paper.verified for paper in held)
    each = case.settings.fit.papers / _COUNTED_PAPERS
    earned = each * verified + 0.4 * each * (len(held) - verified)
    points = min(case.settings.fit.papers, round(earned))
    params: Params = {"held": len(held), "verified": verified}
    if not any(rule.check == "papers_checked" for rule in case.world.rules):
        # Nobody could have checked them (listmatch.py): which there are is all there is to tell.
        params = {"papers": tuple(PaperKind(paper.kind) for paper in held)}
    yield Point("fit_papers", points, params)

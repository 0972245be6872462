"""Two entries of the register joined into one: stalls and figures go along, none is lost."""

from marketplace.businesses.models import Business
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import TurnoverReport
from marketplace.programs.queries import bazaars as queries
from marketplace.register import queries as register
from marketplace.register.models import BusinessTwin
from marketplace.register.services import merging
from tests import factories
from tests.programs.fairs import Fair, make_fair, report


def join(fair: Fair, keep: Business, gone: Business) -> int:
    first, second = sorted((keep, gone), key=lambda one: one.id)
    versions = {one.id: one.version for one in (keep, gone)}
    with transaction():
        twin = BusinessTwin(first_id=first.id, second_id=second.id, grounds=[], confidence=1)
        session.add(twin)
        session.flush()
        done = merging.merge(
            actor=fair.actor,
            twin=register.get_twin(twin.id),
            keep_id=keep.id,
            taken_over=(),
            versions=versions,
        )
    return done.id


def test_the_stall_goes_to_the_entry_that_stays_and_back(app: object) -> None:
    fair = make_fair(1)
    gone, keep = fair.businesses[0], factories.make_producer()
    merge_id = join(fair, keep, gone)
    assert queries.get_holder(fair.holders[0]).business_id == keep.id
    with transaction():
        merging.undo(actor=fair.actor, merge=register.get_merge(merge_id))
    assert queries.get_holder(fair.holders[0]).business_id == gone.id


def test_where_both_had_a_stall_each_keeps_its_figures_and_the_survivor_shows_both(
    app: object, signed_in
) -> None:
    fair = make_fair(2)
    for holder, amount in zip(fair.holders, (1_111_000, 2_222_000), strict=True):
        report(fair, holder, fair.days[0], amount)
    keep, gone = fair.businesses
    join(fair, keep, gone)
    assert session.query(TurnoverReport).count() == 2
    page = signed_in(fair.officer).get(f"/businesses/{keep.id}/turnover").text
    assert "Rp1.111.000" in page
    assert "Rp2.222.000" in page

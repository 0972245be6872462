"""A supply plan becomes draft deals in one press."""

from collections.abc import Mapping
from datetime import date

from marketplace.audit import services as audit
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.deals import policies
from marketplace.deals.models import Deal
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months, shared_out
from marketplace.deals.rules.plans import Pair, Run, Volumes, runs_of
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services import recording
from marketplace.deals.services.supplying import fitting, lines_of
from marketplace.demand import queries as demand
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import split_terms
from marketplace.infra.web import require


def draft_deals(*, actor: Actor, lots: Mapping[Pair, Volumes], first: date) -> list[Deal]:
    """Write a commitment for every lot of a plan whose months begin with `first`.

    Its lines are in proportion to the need's own, its ramp is what the plan rises by; a lot that
    pauses for a month becomes two.
    """
    require(policies.may_record_deal(actor))
    if not lots:
        raise InvalidInput(N_("There is nothing in this plan to make deals of."))
    needs = demand.needs_by_ids(sorted({pair.need for pair in lots}))
    scores, products, _other = fitting(actor, needs)
    lines = lines_of(needs, by_area=False) | lines_of(needs, by_area=True)
    made: list[Deal] = []
    for pair, volumes in sorted(lots.items()):
        runs = runs_of(volumes)
        if (pair.product, pair.need) not in scores or pair.target not in lines or not runs:
            raise InvalidInput(N_("A pair of this plan is no longer on offer. Plan again."))
        for run in runs:
            starts_on = add_months(first, run.after)
            own = lines[pair.target]
            made.append(
                _draft(actor, products[pair.product], needs[pair.need], own, run, starts_on)
            )
    return made


def _draft(
    actor: Actor, product: Product, need: Need, lines: list[NeedLine], run: Run, starts_on: date
) -> Deal:
    volume = run.volumes[-1]
    deal = recording.record_commitment(
        actor=actor,
        producer_id=product.business_id,
        buyer_id=need.business_id,
        origin=Origin.PLAN,
        commitment=Commitment(need.title, product_id=product.id, volume=volume),
        need=need,
    )
    parts = shared_out(volume, [line.volume_per_month or 0 for line in lines])
    kind, days = split_terms(need.terms)
    recording.change_deal(
        actor=actor,
        deal=deal,
        draft=DealDraft(
            need.title,
            items=(ItemDraft(product.id, None, volume),),
            lines=tuple(
                LineDraft(line.region_code, part, line.branch_id)
                for line, part in zip(lines, parts, strict=True)
                if part
            ),
            ramp=run.volumes if run.volumes[0] < volume else (),
            terms=kind,
            terms_days=days,
            commission_percent=need.commission_percent if kind == "consignment" else None,
            starts_on=starts_on,
            months=len(run.volumes),
        ),
    )
    audit.record(actor, "deal.planned", deal, need=need.id, product=product.id, volume=volume)
    return deal

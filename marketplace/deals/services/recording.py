"""Writing down what was said: a commitment first, its terms until it is signed."""

from collections.abc import Sequence
from datetime import date

from marketplace.audit import services as audit
from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.catalog.services import pack_of
from marketplace.core.actor import Actor
from marketplace.core.clock import business_day, now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.quantity import units_per_unit
from marketplace.core.text import N_
from marketplace.deals import policies, queries
from marketplace.deals.models import Deal, DealItem, DealLine, DealSupply, RampStep
from marketplace.deals.rules import terms
from marketplace.deals.rules.lines import LineDraft, in_sales_units
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services.steps import add_step
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.queries import pack_of as pack_of_need
from marketplace.demand.rules import split_terms
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import queries as meetings
from marketplace.meetings.rules import MeetingState
from marketplace.programs.queries import bazaars as programs
from marketplace.programs.rules.leads import LeadState
from marketplace.programs.services import leads
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.rules import IntroductionState


def record_commitment(
    *,
    actor: Actor,
    producer_id: int,
    buyer_id: int,
    origin: Origin,
    commitment: Commitment,
    meeting_id: int | None = None,
    program_id: int | None = None,
    lead_id: int | None = None,
    need: Need | None = None,
    on: date | None = None,
    is_example: bool = False,
) -> Deal:
    """Write down that a producer will supply an outlet, however vague it still is.

    `on` is the day it was said, today where it is not given; `program_id` the expo or bazaar at
    whose stall it was said, `lead_id` the contact noted there, which names the expo by itself.
    """
    require(policies.may_record_deal(actor))
    deal = _new(producer_id, buyer_id, origin, commitment)
    if program_id is not None:
        deal.program_id = programs.get_bazaar(program_id).id
    if lead_id is not None:
        lead = leads.follow_up(
            actor=actor, lead_id=lead_id, producer_id=producer_id, state=LeadState.COMMITMENT
        )
        deal.lead_id, deal.program_id = lead.id, lead.program_id
    deal.meeting_id, deal.need, deal.is_example = meeting_id, need, is_example
    return _record(actor, deal, commitment, on)


def record_from_meeting(*, actor: Actor, meeting_id: int, commitment: Commitment) -> Deal:
    """The same out of a held meeting, on its day; several kinds of goods may lead to several."""
    require(policies.may_record_deal(actor))
    meeting = meetings.get_meeting(meeting_id)
    if meeting.state is not MeetingState.HELD:
        raise RuleBroken(N_("Only a meeting that was held leads to a deal."))
    return record_commitment(
        actor=actor,
        producer_id=meeting.producer_id,
        buyer_id=meeting.buyer_id,
        origin=Origin.MEETING,
        commitment=commitment,
        meeting_id=meeting.id,
        on=business_day(meeting.starts_at),
    )


def record_from_introduction(*, actor: Actor, introduction_id: int, commitment: Commitment) -> Deal:
    """The same out of an agreed introduction, with what its need already says."""
    require(policies.may_record_deal(actor))
    introduction = suggestions.get_introduction(introduction_id)
    if introduction.state is not IntroductionState.AGREED:
        raise RuleBroken(N_("Both sides must agree to the introduction first."))
    if queries.find_of_introduction(introduction_id) is not None:
        raise Conflict(N_("The deal of this introduction is already recorded."))
    product, need = introduction.suggestion.product, introduction.suggestion.need
    deal = _new(product.business_id, need.business_id, Origin.INTRODUCTION, commitment)
    deal.introduction_id, deal.need = introduction.id, need
    kind, days = split_terms(need.terms)
    deal.terms, deal.terms_days = kind, days
    deal.commission_percent = need.commission_percent if kind == "consignment" else None
    deal = _record(actor, deal, commitment)
    asked = asked_of(product, need)
    whole = sum(volume for _line, volume in asked)
    if deal.items and whole and commitment.volume in {None, whole}:
        # The need's own lines, where the volume agreed is the volume it asked for.
        deal.items[0].volume = whole
        deal.lines = [
            DealLine(
                item=deal.items[0],
                branch_id=line.branch_id,
                place=line.region_code,
                volume=volume,
            )
            for line, volume in asked
        ]
        session.flush()
    return deal


def asked_of(product: Product, need: Need) -> list[tuple[NeedLine, int]]:
    """The lines of a need with what each comes to a month in sales units of the product.

    Empty where the two do not compare: nobody's kilograms become packs unsaid.
    """
    lines = [line for line in need.lines if line.volume_per_month]
    volumes = in_sales_units(
        [line.volume_per_month or 0 for line in lines],
        units_per_unit(product.unit, pack_of(product), need.unit, pack_of_need(need)),
    )
    return list(zip(lines, volumes, strict=True)) if volumes else []


def change_deal(*, actor: Actor, deal: Deal, draft: DealDraft, version: int | None = None) -> Deal:
    """Say the terms of a commitment; `version` is the one the person had before their eyes."""
    require(policies.may_change_deal(actor, deal))
    if deal.state is not DealState.COMMITMENT:
        raise RuleBroken(N_("What was signed stays as it is. Cancel it and make a new deal."))
    if version is not None and version != deal.version:
        raise Conflict(
            N_("Someone else changed this deal meanwhile. Compare, then save yours again.")
        )
    terms.check_draft(draft)
    _check_branches(deal.buyer_id, draft.lines)
    deal.title, deal.note = draft.title, draft.note
    deal.terms, deal.terms_days = draft.terms, draft.terms_days
    deal.commission_percent, deal.returns = draft.commission_percent, draft.returns
    deal.trading_terms_percent, deal.listing_fee = draft.trading_terms_percent, draft.listing_fee
    deal.development, deal.settlement = draft.development, draft.settlement
    deal.starts_on, deal.months = draft.starts_on, draft.months
    _put_items(deal, draft.items)
    _put_lines(deal, draft.lines)
    _put_ramp(deal, draft.ramp)
    # Goods, lines and ramp are rows of their own: the deal counts as changed with them.
    deal.updated_at = now()
    session.flush()
    audit.record(actor, "deal.changed", deal, title=deal.title)
    return deal


def draft_of(deal: Deal) -> DealDraft:
    """What a deal says, in the form it is said in."""
    positions = {item.id: number for number, item in enumerate(deal.items)}
    return DealDraft(
        title=deal.title,
        note=deal.note,
        items=tuple(
            ItemDraft(item.supplies[0].product_id, item.price, item.volume) for item in deal.items
        ),
        lines=tuple(
            LineDraft(line.place, line.volume, line.branch_id, positions[line.item_id])
            for line in deal.lines
        ),
        ramp=tuple(step.stores for step in deal.ramp),
        terms=deal.terms,
        terms_days=deal.terms_days,
        commission_percent=deal.commission_percent,
        returns=deal.returns,
        trading_terms_percent=deal.trading_terms_percent,
        listing_fee=deal.listing_fee,
        development=deal.development,
        settlement=deal.settlement,
        starts_on=deal.starts_on,
        months=deal.months,
    )


def _new(producer_id: int, buyer_id: int, origin: Origin, commitment: Commitment) -> Deal:
    producer = businesses.get_business(producer_id)
    buyer = businesses.get_business(buyer_id)
    if producer.kind is not BusinessKind.PRODUCER or buyer.kind is not BusinessKind.OUTLET:
        raise InvalidInput(N_("A deal is between a producer and an outlet."))
    terms.check_draft(DealDraft(commitment.title, commitment.note))
    return Deal(
        producer=producer,
        buyer=buyer,
        need=None,
        origin=origin,
        area_code=producer.region_code,
        title=commitment.title,
        note=commitment.note,
        state=DealState.COMMITMENT,
        items=[],
        lines=[],
        ramp=[],
    )


def _record(actor: Actor, deal: Deal, commitment: Commitment, on: date | None = None) -> Deal:
    require(policies.may_change_deal(actor, deal))  # a province for its own producers
    session.add(deal)
    session.flush()
    if commitment.product_id is not None:
        item = ItemDraft(commitment.product_id, commitment.price, commitment.volume)
        _put_items(deal, (item,))
        session.flush()
    add_step(actor, deal, on=on, note=commitment.note[:400])
    audit.record(actor, "deal.recorded", deal, title=deal.title, origin=deal.origin.value)
    return deal


def _check_branches(buyer_id: int, lines: Sequence[LineDraft]) -> None:
    own = {branch.id: branch.region_code for branch in businesses.branches_of(buyer_id)}
    for line in lines:
        if line.branch_id is not None and own.get(line.branch_id) != line.place:
            raise InvalidInput(
                N_("Please mend the marked fields."),
                fields={"lines": N_("A branch on these lines belongs to another outlet.")},
            )


def _put_items(deal: Deal, items: Sequence[ItemDraft]) -> None:
    """An item of the same product keeps its row, and with it its pool."""
    known = {item.supplies[0].product_id: item for item in deal.items}
    products = {
        number: catalog.get_product(number)
        for number in (item.product_id for item in items)
        if number not in known
    }
    if any(product.business_id != deal.producer_id for product in products.values()):
        raise InvalidInput(
            N_("Please mend the marked fields."),
            fields={"items": N_("This product belongs to another producer.")},
        )
    kept = [known.get(item.product_id) or _item_of(products[item.product_id]) for item in items]
    gone = [item for item in deal.items if item not in kept]
    if gone:
        # Lines of goods that fall away go first, and positions are free before they are given anew.
        deal.lines = [line for line in deal.lines if line.item not in gone]
        session.flush()
        deal.items = [item for item in deal.items if item in kept]
        session.flush()
    for row, draft in zip(kept, items, strict=True):
        row.price, row.volume = draft.price, draft.volume
        if row not in deal.items:
            row.position = 1 + max((item.position for item in deal.items), default=-1)
            deal.items.append(row)
    session.flush()
    order = {id(row): number for number, row in enumerate(kept)}
    deal.items.sort(key=lambda row: order[id(row)])


def _item_of(product: Product) -> DealItem:
    return DealItem(
        title=product.name,
        unit=product.unit,
        supplies=[DealSupply(product=product, share_percent=100)],
    )


def _put_lines(deal: Deal, lines: Sequence[LineDraft]) -> None:
    """A line to the same place keeps its row."""
    known = {(line.item_id, line.place, line.branch_id): line for line in deal.lines}
    rows: list[DealLine] = []
    for draft in lines:
        item = deal.items[draft.item]
        row = known.get((item.id, draft.place, draft.branch_id))
        if row is None:
            row = DealLine(item=item, place=draft.place, branch_id=draft.branch_id)
        row.volume = draft.volume
        rows.append(row)
    deal.lines = rows


def _put_ramp(deal: Deal, ramp: Sequence[int]) -> None:
    """Change rows in place: deleting and adding the same number would break its uniqueness."""
    for row in list(deal.ramp):
        if row.number < len(ramp):
            row.stores = ramp[row.number]
        else:
            deal.ramp.remove(row)
    deal.ramp += [
        RampStep(number=number, stores=ramp[number]) for number in range(len(deal.ramp), len(ramp))
    ]

"""Who takes part: from the register, or a walk-in who becomes an entry of it later."""

from collections.abc import Collection

from marketplace.audit import services as audit
from marketplace.businesses import policies as business_policies
from marketplace.businesses import queries as business_queries
from marketplace.businesses import services as businesses
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessDraft, BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.models import Program, StallHolder
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries.choosing import goods_of
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.bazaars import HolderDraft, HolderState

TAKEN = N_("This stall is taken.")
THERE_ALREADY = N_("This business takes part already.")


def add_participants(*, actor: Actor, program_id: int, business_ids: Collection[int]) -> int:
    """Put producers of the register on the list; returns how many are new on it.

    Who is there already stays as they are, and comes again where they had given up. A
    kabupaten/kota takes producers of its own area; others come to its bazaars as walk-ins.
    """
    program = queries.lock_bazaar(program_id)
    require(policies.may_run_program(actor, program))
    _still_open(program)
    there = {holder.business_id: holder for holder in queries.holders_of(program.id)}
    chosen = [
        business
        for business in queries.producers_of(set(business_ids))
        if business_policies.is_of_office(actor, business)
    ]
    goods = goods_of([business.id for business in chosen])
    added = 0
    for business in chosen:
        known = there.get(business.id)
        if known is not None and known.state is HolderState.COMES:
            continue
        if known is not None:
            known.state = HolderState.COMES
            holder = known
        else:
            sells, category = goods.get(business.id, ("", ""))
            holder = StallHolder(
                program_id=program.id,
                business_id=business.id,
                name=business.name,
                contact_name=business.contact_name,
                phone=business.phone,
                region_code=business.region_code,
                sells=sells,
                category_code=category,
            )
            session.add(holder)
        session.flush()
        audit.record(actor, "stall.added", holder, program=program.id)
        added += 1
    return added


def add_walk_in(
    *, actor: Actor, program_id: int, draft: HolderDraft, stall_id: int | None = None
) -> StallHolder:
    """Somebody who is in no register yet."""
    program = queries.lock_bazaar(program_id)
    require(policies.may_run_program(actor, program))
    _still_open(program)
    holder = StallHolder(program_id=program.id)
    _fill(holder, draft)
    session.add(holder)
    session.flush()
    if stall_id is not None:
        _give(program, holder, stall_id)
    audit.record(actor, "stall.walked_in", holder, program=program.id)
    return holder


def change_holder(*, actor: Actor, holder_id: int, draft: HolderDraft, version: int) -> StallHolder:
    """Correct who stands there and what they sell."""
    holder = queries.get_holder(holder_id)
    require(policies.may_run_stall(actor, holder))
    if holder.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    _fill(holder, draft)
    holder.updated_at = now()
    session.flush()
    audit.record(actor, "stall.changed", holder)
    return holder


def _fill(holder: StallHolder, draft: HolderDraft) -> None:
    holder.name, holder.contact_name, holder.phone = draft.name, draft.contact_name, draft.phone
    holder.region_code = draft.region_code or None
    holder.sells, holder.category_code = draft.sells, draft.category_code


def withdraw(*, actor: Actor, holder_id: int) -> StallHolder:
    """They do not come, or leave: the stall is free; figures already given stay."""
    holder = queries.get_holder(holder_id)
    require(policies.may_run_stall(actor, holder))
    if holder.state is HolderState.COMES:
        holder.state, holder.stall_id = HolderState.WITHDRAWN, None
        session.flush()
        audit.record(actor, "stall.withdrawn", holder)
    return holder


def come_back(*, actor: Actor, holder_id: int) -> StallHolder:
    holder = queries.get_holder(holder_id)
    require(policies.may_run_stall(actor, holder))
    if holder.state is HolderState.WITHDRAWN:
        holder.state = HolderState.COMES
        session.flush()
        audit.record(actor, "stall.returned", holder)
    return holder


# --- stalls


def assign_stalls(*, actor: Actor, program_id: int, wanted: dict[int, int | None]) -> int:
    """Give stalls to holders (holder -> stall, None takes it away); returns how many changed.

    Exchanges are possible: every stall that changes hands is freed first.
    """
    program = queries.lock_bazaar(program_id)
    require(policies.may_run_program(actor, program))
    holders = {holder.id: holder for holder in queries.holders_of(program.id, only_coming=True)}
    stalls = {stall.id for stall in queries.stalls_of(program.id)}
    changed = {
        number: stall_id
        for number, stall_id in wanted.items()
        if number in holders and holders[number].stall_id != stall_id
    }
    if any(stall_id is not None and stall_id not in stalls for stall_id in changed.values()):
        raise NotFound(N_("There is no such stall."))
    after = {number: changed.get(number, holder.stall_id) for number, holder in holders.items()}
    given = [stall_id for stall_id in after.values() if stall_id is not None]
    if len(set(given)) < len(given):
        raise InvalidInput(N_("Two participants have the same stall. Give each their own."))
    for number in changed:
        holders[number].stall_id = None
    session.flush()  # freed before given out: one stall never has two
    for number, stall_id in changed.items():
        holders[number].stall_id = stall_id
        session.flush()
        audit.record(actor, "stall.assigned", holders[number], stall=stall_id)
    return len(changed)


def assign_in_order(*, actor: Actor, program_id: int) -> int:
    """Give who has none the free stalls, in the order of both lists."""
    program = queries.lock_bazaar(program_id)
    require(policies.may_run_program(actor, program))
    holders = queries.holders_of(program.id, only_coming=True)
    taken = {holder.stall_id for holder in holders}
    free = [stall.id for stall in queries.stalls_of(program.id) if stall.id not in taken]
    waiting = [holder.id for holder in holders if holder.stall_id is None]
    wanted: dict[int, int | None] = dict(zip(waiting, free, strict=False))
    return assign_stalls(actor=actor, program_id=program_id, wanted=wanted)


def _give(program: Program, holder: StallHolder, stall_id: int) -> None:
    if stall_id not in {stall.id for stall in queries.stalls_of(program.id)}:
        raise NotFound(N_("There is no such stall."))
    others = queries.holders_of(program.id)
    if any(other.stall_id == stall_id for other in others if other.id != holder.id):
        raise InvalidInput(TAKEN, fields={"stall": TAKEN})
    holder.stall_id = stall_id
    session.flush()


def renew_link(*, actor: Actor, holder_id: int) -> StallHolder:
    """The link given out before is worthless from now on."""
    holder = queries.get_holder(holder_id)
    require(policies.may_run_stall(actor, holder))
    holder.link_number += 1
    session.flush()
    audit.record(actor, "stall.link_renewed", holder)
    return holder


# --- a walk-in becomes an entry of the register


def link_to(*, actor: Actor, holder_id: int, business_id: int) -> StallHolder:
    """This walk-in is that producer: the figures given so far are theirs from now on."""
    holder = queries.get_holder(holder_id)
    require(policies.may_run_stall(actor, holder))
    business = business_queries.get_business(business_id)
    require(
        business.kind is BusinessKind.PRODUCER and business_policies.is_of_office(actor, business)
    )
    _link(actor, holder, business)
    return holder


def register_walk_in(*, actor: Actor, holder_id: int) -> StallHolder:
    """Make an entry of the register from what the walk-in said."""
    holder = queries.get_holder(holder_id)
    require(policies.may_run_stall(actor, holder))
    if holder.business_id is not None:
        raise RuleBroken(N_("This stall stands in the register already."))
    if not holder.region_code:
        message = N_("Write the kabupaten/kota of this stall first.")
        raise InvalidInput(message, fields={"region": message})
    business = businesses.register_business(
        actor=actor,
        draft=BusinessDraft(
            kind=BusinessKind.PRODUCER,
            name=holder.name,
            region_code=holder.region_code,
            contact_name=holder.contact_name,
            phone=holder.phone,
            about=holder.sells,
        ),
    )
    _link(actor, holder, business)
    return holder


def _link(actor: Actor, holder: StallHolder, business: Business) -> None:
    if holder.business_id is not None:
        raise RuleBroken(N_("This stall stands in the register already."))
    if queries.find_holder_of(holder.program_id, business.id) is not None:
        raise Conflict(THERE_ALREADY, field="business_id")
    holder.business_id = business.id
    holder.updated_at = now()
    session.flush()
    audit.record(actor, "stall.linked", holder, business=business.id)


def _still_open(program: Program) -> None:
    if program.state is ProgramState.CANCELLED:
        raise RuleBroken(N_("This was called off: it stays as it was."))

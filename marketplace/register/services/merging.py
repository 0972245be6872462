"""Join two entries into one without losing history, and part them again while that is possible."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

from marketplace.audit import services as audit
from marketplace.businesses.events import BranchesChanged, BusinessChanged
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind, OutletFormat
from marketplace.catalog import services as catalog
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import SYSTEM, Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, DomainError, InvalidInput, RuleBroken
from marketplace.core.text import N_, fold
from marketplace.demand import services as demand
from marketplace.demand.events import NeedChanged
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.db import session
from marketplace.infra.events import publish
from marketplace.infra.web import require
from marketplace.register import guards, policies, queries, rules
from marketplace.register.models import BusinessMerge, BusinessTwin
from marketplace.register.rules import FIELDS, TwinState
from marketplace.register.services import finding
from marketplace.register.services.movers import MergeRule, Merging
from marketplace.suggestions.services import exposing

CHANGED_MEANWHILE = N_("Someone else changed one of the two meanwhile. Compare them again.")
_ALSO = ("is_chain",)  # decided by the entries themselves: a chain stays one
_DAYS = frozenset({"yearly_sales_on"})

_rules: dict[str, MergeRule] = {}


def register_rules(table: Mapping[str, MergeRule]) -> None:
    """`table.column` -> what becomes of its rows, in the order in which they move (wiring.py)."""
    _rules.clear()
    _rules.update(table)


def say_not_same(*, actor: Actor, twin: BusinessTwin) -> None:
    """They are two businesses: remembered, so that nobody is asked again."""
    require(policies.may_judge_twin(actor, twin))
    if twin.state is not TwinState.OPEN:
        raise RuleBroken(N_("This pair was already judged."))
    _sign(actor, twin, TwinState.NOT_SAME)
    for business in (twin.first, twin.second):
        audit.record(actor, "business.not_same", business, pair=twin.id)


def merge(
    *,
    actor: Actor,
    twin: BusinessTwin,
    keep_id: int,
    taken_over: Collection[str],
    versions: Mapping[int, int],
) -> BusinessMerge:
    """Let one entry go into the other: `keep_id` stays, and takes these fields from the other.

    `versions` are those the officer compared. Everything that hangs on the other one changes hands
    in this transaction; the other one stays as a row that leads here.
    """
    require(policies.may_judge_twin(actor, twin))
    if keep_id not in {twin.first_id, twin.second_id} or not set(taken_over) <= FIELDS.keys():
        raise InvalidInput(N_("Some of this cannot be used."))
    merged_id = twin.second_id if keep_id == twin.first_id else twin.first_id
    # Places of suggestions first, entries second: every job asks in this order.
    exposing.lock_places({keep_id, merged_id})
    locked = queries.lock_entries({keep_id, merged_id})
    survivor, merged = locked[keep_id], locked[merged_id]
    if any(business.merged_into_id is not None for business in locked.values()):
        raise Conflict(N_("One of the two was already merged."))
    if any(business.version != versions.get(business.id) for business in locked.values()):
        raise Conflict(CHANGED_MEANWHILE)
    if survivor.kind is not merged.kind:
        raise RuleBroken(N_("A producer and an outlet cannot be one entry."))
    before = {"survivor": _values(survivor), "merged": _values(merged)}
    if not guards.merge_into(merged.id, survivor.id, merged.version):
        raise Conflict(CHANGED_MEANWHILE)
    _take_over(survivor, before["merged"], taken_over)
    survivor.is_chain = survivor.is_chain or merged.is_chain
    survivor.updated_at = now()
    session.flush()
    record = BusinessMerge(
        survivor_id=survivor.id,
        merged_id=merged.id,
        taken_over=sorted(taken_over),
        before=before,
        merged_by_id=actor.person_id,
        merged_by_name=actor.name,
    )
    merging = Merging(actor, survivor.id, merged.id)
    moved: dict[str, list[Any]] = {key: rule.move(merging) for key, rule in _rules.items()}
    session.expire_all()
    moved["doubles"] = _pause_doubles(merging, moved)
    exposing.recount({survivor.id, merged.id})
    record.moved = moved
    session.add(record)
    _sign(actor, twin, TwinState.MERGED)
    session.flush()
    names = {"into": survivor.id, "from": merged.id}
    audit.record(actor, "business.merged", survivor, **names, fields=sorted(taken_over))
    audit.record(actor, "business.merged_away", merged, **names)
    _tell(survivor)
    return record


def is_undoable(merge: BusinessMerge) -> bool:
    """True while the days to undo it run."""
    return merge.undone_at is None and now() <= merge.merged_at + timedelta(days=rules.UNDO_DAYS)


def undo(*, actor: Actor, merge: BusinessMerge) -> None:
    """Part the two again: what moved goes back, and the fields are as they were.

    What was added or changed since stays with the entry that stayed.
    """
    require(policies.may_undo_merge(actor, merge))
    if merge.undone_at is not None:
        raise RuleBroken(N_("This merge was already undone."))
    if not is_undoable(merge):
        raise RuleBroken(
            N_("After %(days)s days a merge cannot be undone any more."), days=rules.UNDO_DAYS
        )
    exposing.lock_places({merge.survivor_id, merge.merged_id})
    locked = queries.lock_entries({merge.survivor_id, merge.merged_id})
    survivor, merged = locked[merge.survivor_id], locked[merge.merged_id]
    if survivor.merged_into_id is not None:
        raise RuleBroken(N_("The entry that stayed was merged itself. Undo that one first."))
    _give_back(survivor, merge)
    session.flush()
    nib = merge.before["merged"]["nib"]
    values = {} if survivor.nib == nib else {"nib": nib}
    if not guards.part_from(merged.id, survivor.id, values):
        raise Conflict(CHANGED_MEANWHILE)
    merging = Merging(actor, survivor.id, merged.id)
    _show_doubles_again(merging, merge.moved["doubles"])
    for key in reversed(_rules):
        _rules[key].undo(merging, merge.moved.get(key, []))
    session.expire_all()
    exposing.recount({survivor.id, merged.id})
    merge.undone_at, merge.undone_by_name = now(), actor.name
    twin = queries.find_twin(survivor.id, merged.id)
    if twin is not None:
        twin.state = TwinState.OPEN
        twin.decided_by_id, twin.decided_by_name, twin.decided_at = None, "", None
    session.flush()
    for business in (survivor, merged):
        audit.record(actor, "business.parted", business, **{"into": survivor.id, "from": merged.id})
        _tell(business)


def follow_up(merge: BusinessMerge) -> int:
    """Hand over what was hung on the merged entry at the very moment it was merged."""
    merging = Merging(SYSTEM, merge.survivor_id, merge.merged_id)
    late = {key: moved for key, rule in _rules.items() if (moved := rule.move(merging))}
    if late:
        merge.moved = {
            **merge.moved,
            **{key: [*merge.moved.get(key, []), *moved] for key, moved in late.items()},
        }
        exposing.recount({merge.survivor_id, merge.merged_id})
        publish(BusinessChanged(merge.survivor_id))
    return sum(map(len, late.values()))


def _sign(actor: Actor, twin: BusinessTwin, state: TwinState) -> None:
    twin.state = state
    twin.decided_by_id, twin.decided_by_name = actor.person_id, actor.name or "–"
    twin.decided_at = now()


def _tell(business: Business) -> None:
    """The index, the suggestions and the search for twins look at it anew."""
    publish(BusinessChanged(business.id))
    if business.kind is BusinessKind.OUTLET:
        publish(BranchesChanged(business.id))
        for need in queries.open_needs_of(business.id):
            publish(NeedChanged(need.id))
    finding.schedule_for_business(business.id)


# --- fields


def _values(business: Business) -> dict[str, Any]:
    """Every field that may be chosen, JSON-safe."""
    names = [name for field in FIELDS for name in rules.behind(field)]
    return {name: _plain(getattr(business, name)) for name in (*names, *_ALSO)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _set(business: Business, name: str, value: Any) -> None:
    if name in _DAYS and value is not None:
        value = date.fromisoformat(value)
    elif name == "outlet_format" and value is not None:
        value = OutletFormat(value)
    setattr(business, name, value)


def _take_over(survivor: Business, values: Mapping[str, Any], fields: Collection[str]) -> None:
    for field in fields:
        for name in rules.behind(field):
            _set(survivor, name, values[name])


def _give_back(survivor: Business, merge: BusinessMerge) -> None:
    """The survivor's own values again, where nobody changed them since."""
    own, other = merge.before["survivor"], merge.before["merged"]
    for field in merge.taken_over:
        for name in rules.behind(field):
            if _plain(getattr(survivor, name)) == other[name]:
                _set(survivor, name, own[name])
    survivor.is_chain = bool(own["is_chain"])
    survivor.updated_at = now()


# --- the same goods, the same need on both


def _pause_doubles(merging: Merging, moved: Mapping[str, list[Any]]) -> list[Any]:
    """Of the same product or need on both, one pauses, so that nobody decides on it twice.

    The one with an acceptance or an open introduction stays on show; with one on each, both do.
    """
    actor = _in_its_name(merging)
    came = set(moved.get("products.business_id", []))
    asked = set(moved.get("needs.business_id", []))
    paused: list[Any] = []
    products = queries.published_of(merging.survivor_id)
    needs = queries.open_needs_of(merging.survivor_id)
    busy = queries.under_way([each.id for each in products], [each.id for each in needs])
    for product in _to_pause(products, came, _same_goods, "product", busy):
        catalog.pause_product(actor=actor, product=product)
        paused.append(["product", product.id])
    for need in _to_pause(needs, asked, _same_need, "need", busy):
        demand.pause_need(actor=actor, need=need)
        paused.append(["need", need.id])
    return paused


def _in_its_name(merging: Merging) -> Actor:
    """The officer in the name of the survivor: its people see who paused what."""
    return replace(merging.actor, acting_for=merging.survivor_id)


def _to_pause(
    rows: Collection[Any], came: set[int], key: Any, kind: str, busy: frozenset[tuple[str, int]]
) -> list[Any]:
    own = {key(row): row for row in reversed(list(rows)) if row.id not in came}
    chosen = []
    for row in rows:
        twin = own.get(key(row)) if row.id in came else None
        if twin is None:
            continue
        if (kind, row.id) not in busy:
            chosen.append(row)
        elif (kind, twin.id) not in busy and twin not in chosen:
            chosen.append(twin)
    return chosen


def _same_goods(product: Product) -> tuple[Any, ...]:
    return product.folded_name, product.unit, product.net_amount, product.net_kind


def _same_need(need: Need) -> tuple[Any, ...]:
    return fold(need.title), need.unit, need.net_amount, need.net_kind


def _show_doubles_again(merging: Merging, paused: Collection[Any]) -> None:
    actor = _in_its_name(merging)
    for kind, row_id in paused:
        try:
            if kind == "product":
                product = queries.get_whole_product(row_id)
                if product.state is ProductState.PAUSED:
                    catalog.publish_product(actor=actor, product=product)
            else:
                need = queries.get_whole_need(row_id)
                if need.state is NeedState.PAUSED:
                    demand.open_need(actor=actor, need=need)
        except DomainError:
            continue  # it lacks something by now: its people see it among what is paused

"""Products as a table: one row each."""

from collections.abc import Mapping, Sequence

from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Business
from marketplace.businesses.queries import tables as business_tables
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import policies, rules, services
from marketplace.catalog.models import Product
from marketplace.catalog.queries import OwnFilter, tables
from marketplace.catalog.rules import ProductState
from marketplace.catalog.sheets import rows
from marketplace.catalog.sheets.columns import COLUMNS
from marketplace.catalog.sheets.rows import ProductRow
from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.sheet_kinds import (
    SAME_TWICE,
    Outcome,
    Parsed,
    Problem,
    Scope,
    SheetColumn,
    Values,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, fold

NO_PRODUCER = N_("No producer has this name or NIB. Register it first, or mend the name.")
SEVERAL = N_("Several producers have this name. Write the NIB instead.")
NOT_YOURS = N_("You may not enter products of this producer.")

_CHUNK = 500
# What makes two rows the same product: producer, folded name, net content.
ProductKey = tuple[int, str, int | None, str]


class ProductSheet:
    """See `core.sheet_kinds.SheetKind`. The same producer, name and pack is the same product."""

    key = "products"
    title = N_("Products")
    columns: Sequence[SheetColumn] = COLUMNS

    def may_import(self, actor: Actor) -> bool:
        return policies.may_list_own_products(actor) or policies.may_list_area_products(actor)

    def parse_row(self, values: Values, scope: Scope) -> Parsed:
        return rows.parse_row(values, scope)

    def merge(self, first: ProductRow, second: ProductRow) -> Problem:
        return Problem("name", SAME_TWICE)

    def apply_rows(
        self, actor: Actor, drafts: Sequence[ProductRow], scope: Scope, *, is_trial: bool
    ) -> list[Outcome | Problem]:
        producers = _producers(drafts, scope)
        ids = {one.id for found in producers.values() for one in found}
        known = tables.find_same_products(ids, {row.said.name for row in drafts})
        return [_answer(actor, row, producers, known, scope, is_trial) for row in drafts]

    def export_rows(self, actor: Actor, filters: Mapping[str, str]) -> list[Sequence[Cell]]:
        """Own products, or for an office those of its area, as its lists show them."""
        wanted = OwnFilter.of(filters)
        own: frozenset[int] | None = actor.producer_ids
        area = ""
        if actor.acting_for is not None:
            own = frozenset({actor.acting_for})
        elif policies.may_list_area_products(actor):
            own = None
            area = actor.scope
        found: list[Sequence[Cell]] = []
        after = 0
        while some := tables.list_whole(
            business_ids=own,
            area=area,
            state=wanted.state,
            text=wanted.text,
            after=after,
            limit=_CHUNK,
        ):
            found.extend(rows.cells_of(product) for product in some)
            after = some[-1].id
        return found


def _producers(drafts: Sequence[ProductRow], scope: Scope) -> Mapping[str, Sequence[Business]]:
    """The producers each written name or NIB may mean; "" is the one of the import."""
    names = {row.business for row in drafts if row.business}
    found: dict[str, Sequence[Business]] = dict(
        business_tables.find_named(BusinessKind.PRODUCER, names)
    )
    if scope.business_id is not None:
        found[""] = [businesses.get_business(scope.business_id)]
    return found


def _answer(
    actor: Actor,
    row: ProductRow,
    producers: Mapping[str, Sequence[Business]],
    known: Mapping[ProductKey, Product],
    scope: Scope,
    is_trial: bool,
) -> Outcome | Problem:
    found = producers.get(row.business, ())
    if len(found) != 1:
        return Problem("business", SEVERAL if found else NO_PRODUCER)
    business = found[0]
    if not policies.may_import_products_of(actor, business):
        return Problem("business", NOT_YOURS)
    try:
        same = known.get(_key_of(business, row))
        if same is None and row.is_withdrawn:
            return Outcome.SAME  # a list sent back brings nothing back that was taken away
        if is_trial:
            return _outcome(row, same, publish=scope.publish)
        return Outcome(
            services.put_product(
                actor=actor,
                business=business,
                draft=row.said,
                known=same,
                publish=scope.publish,
            )
        )
    except InvalidInput as error:
        field, msgid = next(iter(error.fields.items()), ("", error.msgid))
        return Problem(field, msgid, error.params)
    except DomainError as error:
        return Problem("", error.msgid, error.params)


def _key_of(business: Business, row: ProductRow) -> ProductKey:
    pack = row.said.pack
    amount, kind = (pack.amount, pack.kind.value) if pack else (None, "")
    return business.id, fold(row.said.name)[:200], amount, kind


def _outcome(row: ProductRow, same: Product | None, *, publish: bool) -> Outcome:
    """What the row would do; raises what `services.put_product` would, and writes nothing."""
    wanted, opens = row.said, publish
    if same is not None:
        said = services.draft_of(same)
        wanted = rules.filled_up(row.said, said)
        opens = publish and same.state is ProductState.DRAFT
        if rules.in_order(wanted) == rules.in_order(said) and not opens:
            return Outcome.SAME
    rules.check_draft(wanted)
    if opens or (same is not None and same.state is not ProductState.DRAFT):
        rules.check_publishable(wanted)
    return Outcome.ADDED if same is None else Outcome.CHANGED


PRODUCTS = ProductSheet()

"""Which column of the file means what, and what its values mean here."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import RuleBroken
from marketplace.core.sheet_kinds import Scope, SheetColumn, SheetKind
from marketplace.core.sheets import Sheet
from marketplace.core.text import N_
from marketplace.exchange import policies, queries, services
from marketplace.exchange.forms import mapping_of
from marketplace.exchange.models import Import
from marketplace.exchange.rules import BY_NAME, ColumnMap, ImportState, said
from marketplace.exchange.sheets import get_kind, meaning, reading, tables
from marketplace.exchange.sheets.meaning import Value
from marketplace.exchange.views.base import PUBLISHABLE, bp, names_for
from marketplace.infra import jobs
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.storage import read_file
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor

# A file this small is checked while the person waits: it takes less time than looking again.
AT_ONCE = 600
_SAMPLES = 3
# Not required, but without them a record is found by nobody.
_ASKED = frozenset({"category", "price", "unit"})


@dataclass(frozen=True, slots=True)
class ColumnBox:
    """One of our columns on the mapping page. `values` is None where there are too many."""

    column: SheetColumn
    label: str
    note: str
    index: int | None
    default: str
    options: list[tuple[str, str]]
    values: list[Value] | None
    missing: bool = False

    @property
    def is_likely(self) -> bool:
        """Shown at once: needed, found in the file, filled, or what every list should say."""
        asked = self.column.required or self.column.key in _ASKED
        return asked or self.index is not None or bool(self.default) or self.missing


@bp.route("/imports/<int:import_id>/columns", methods=["GET", "POST"])
@allow(policies.may_see_import, queries.get_import)
def map_columns(import_id: int) -> ResponseReturnValue:
    one = queries.get_import(import_id)
    if one.state in {ImportState.APPLYING, ImportState.DONE}:
        raise RuleBroken(N_("This import has already gone on. Look at it again."))
    kind = get_kind(one.kind)
    table = tables.load_table(read_file(one.table))
    if request.method == "GET":
        return _page(one, kind, table, ColumnMap.from_dict(one.mapping))
    mapping = mapping_of(request.form, kind, table)
    if "check" not in request.form:
        return _page(one, kind, table, mapping)
    missing = reading.missing_columns(kind, mapping, Scope(one.business_id, mapping.publish))
    if missing:
        return _page(one, kind, table, mapping, missing=missing), 422
    with transaction():
        one = queries.get_import(import_id)
        services.set_mapping(actor=current_actor(), one=one, mapping=mapping)
        job_id = one.job_id
    if one.rows <= AT_ONCE and job_id is not None:
        jobs.run_job(job_id)
    return redirect(url_for(".show_import", import_id=import_id))


def _page(
    one: Import,
    kind: SheetKind,
    table: Sheet,
    mapping: ColumnMap,
    *,
    missing: list[str] | None = None,
) -> str:
    actor = current_actor()
    boxes = _boxes(one, kind, table, mapping, missing or [])
    used = set(mapping.columns.values())
    return render_template(
        "exchange/map_columns.html",
        one=one,
        kind=kind,
        headers=_headers(table),
        boxes=boxes,
        unused=[header for at, header in enumerate(table.headers) if header and at not in used],
        is_plain=_is_plain(kind, table, mapping, boxes),
        names=names_for(actor, kind),
        missing=missing or [],
        publish=mapping.publish,
        may_publish=kind.key in PUBLISHABLE,
    )


def _is_plain(
    kind: SheetKind, table: Sheet, mapping: ColumnMap, boxes: Sequence[ColumnBox]
) -> bool:
    """True where the columns say by their names what they hold, and no value is in question."""
    match = reading.guess_columns(kind, table)
    is_sure = not match.guessed and mapping.columns == match.found
    needed = (box for box in boxes if box.column.required)
    return (
        is_sure
        and all(box.index is not None for box in needed)
        and not any(box.values is None or box.values for box in boxes)
    )


def _boxes(
    one: Import, kind: SheetKind, table: Sheet, mapping: ColumnMap, missing: list[str]
) -> list[ColumnBox]:
    boxes = []
    for column in kind.columns:
        if column.refers_to and one.business_id is not None:
            continue
        boxes.append(
            ColumnBox(
                column=column,
                label=say(column.label),
                note=say(column.note) if column.note else "",
                index=mapping.columns.get(column.key),
                default=mapping.defaults.get(column.key, ""),
                options=_options(column),
                values=meaning.values_to_map(kind, table, mapping, column),
                missing=column.key in missing,
            )
        )
    return boxes


def _options(column: SheetColumn) -> list[tuple[str, str]]:
    options = column.options(choose_locale()) if column.options else ()
    shown = [(code, say(label)) for code, label in options]
    if column.key == "category":
        shown.insert(0, (BY_NAME, _("by the name of each item")))
    return shown


def _headers(table: Sheet) -> list[tuple[int, str, str]]:
    """Each column of the file: its index, its name, what stands in its first rows."""
    return [
        (index, header or _("column %(number)s", number=index + 1), _samples(table, index))
        for index, header in enumerate(table.headers)
    ]


def _samples(table: Sheet, index: int) -> str:
    found: list[str] = []
    for row in table.rows[:50]:
        value = said(row[index])
        if value and value not in found:
            found.append(value[:40])
        if len(found) == _SAMPLES:
            break
    return " · ".join(found)

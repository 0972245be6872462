"""Files to take along: templates, rows to mend, lists."""

from flask import Response, request

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.sheet_kinds import NotesLooks
from marketplace.core.text import N_
from marketplace.exchange import policies, queries
from marketplace.exchange.sheets import get_kind, tables, writing
from marketplace.exchange.views.base import bp, names_for
from marketplace.infra.downloads import FORMATS, XLSX, export_response, file_response
from marketplace.infra.storage import read_file
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, require


@bp.get("/import/<kind>/template.xlsx")
@allow(policies.may_import_kind, get_kind)
def download_template(kind: str) -> Response:
    found = get_kind(kind)
    data = writing.template_of(found, names_for(current_actor(), found))
    return file_response(data, f"templat-{kind}.xlsx", XLSX)


@bp.get("/imports/<int:import_id>/mend.xlsx")
@allow(policies.may_see_import, queries.get_import)
def download_bad_rows(import_id: int) -> Response:
    """The rows that were left behind, under their own headers, to mend and send again."""
    one = queries.get_import(import_id)
    table = tables.load_table(read_file(one.table))
    problems = [tables.problem_from_json(each) for each in one.refused]
    if one.problems is not None:
        problems += tables.load_problems(read_file(one.problems))
    if not problems:
        raise NotFound(N_("Nothing is wrong with this file."))
    data = writing.rows_to_mend(table, problems, get_kind(one.kind))
    return file_response(data, f"perbaiki-{one.kind}-{one.id}.xlsx", XLSX)


@bp.get("/export/<kind>.<format>")
@allow(policies.may_exchange)
def export_records(kind: str, format: str) -> Response:
    """Everything the list of this kind shows this person, under its present filters."""
    found, actor = get_kind(kind), current_actor()
    if format not in FORMATS:
        raise NotFound(N_("There is no such page."))
    require(policies.may_export_kind(actor, found))
    if isinstance(found, NotesLooks):
        with transaction():  # before anything is shown
            found.note_look(actor, request.args)
    rows = found.export_rows(actor, request.args)
    return export_response(
        tables.shown_columns(found), writing.in_words(found, rows), f"{kind}-{today()}", format
    )

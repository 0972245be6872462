"""Lists of one bazaar for Excel: who takes part, and the form of its turnover."""

from flask import Response
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import FORMATS, XLSX, export_response, file_response
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.infra.workbooks import write_xlsx
from marketplace.programs import policies
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.services import turnover as services
from marketplace.programs.sheets import HOLDERS, TURNOVER
from marketplace.programs.sheets.rows import holder_cells, turnover_cells
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.pages import bazaar_of_file


@bp.get("/bazaars/<int:bazaar_id>/stalls.<format>")
@allow(policies.may_run_program, bazaar_of_file)
def export_holders(bazaar_id: int, format: str) -> Response:
    """Who takes part, in the columns the import reads."""
    if format not in FORMATS:
        raise NotFound(N_("There is no such page."))
    program = queries.get_bazaar(bazaar_id)
    columns = [column.shown(say) for column in HOLDERS.columns]
    rows = [holder_cells(holder, program) for holder in queries.holders_of(program.id)]
    return export_response(columns, rows, f"peserta-{program.id}-{today()}", format)


@bp.get("/bazaars/<int:bazaar_id>/form.xlsx")
@allow(policies.may_run_program, queries.get_bazaar)
def bazaar_template(bazaar_id: int) -> Response:
    """A row for each stall and open day, with what is reported so far; to be filled in and sent
    back through the import."""
    with transaction():  # single figures are in it: who takes it along is kept
        services.note_turnover_seen(actor=current_actor(), subject=queries.get_bazaar(bazaar_id))
    program = queries.get_bazaar(bazaar_id)
    columns = [column.shown(say) for column in TURNOVER.columns]
    days = [day.day_on for day in queries.days_of(program.id) if not day.is_shut]
    holders = queries.holders_of(program.id, only_coming=True)
    data = write_xlsx(
        columns,
        turnover_cells(program, holders, days),
        choices={
            "stall": [holder.stall.label for holder in holders if holder.stall is not None],
            "name": [holder.name for holder in holders],
            "day": [f"{day:%d/%m/%Y}" for day in days],
            "sure": [str(_("yes"))],
            "replace": [str(_("yes"))],
        },
        notes={column.key: say(column.note) for column in TURNOVER.columns if column.note},
        title=program.title,
    )
    return file_response(data, f"omzet-{program.id}.xlsx", XLSX)

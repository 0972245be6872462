"""An import from the upload to its result."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import InvalidInput
from marketplace.core.sheets import Sheet
from marketplace.core.text import N_, clean_text
from marketplace.exchange import policies, queries, services
from marketplace.exchange.forms import UploadForm
from marketplace.exchange.models import Import
from marketplace.exchange.rules import ColumnMap, ImportState
from marketplace.exchange.sheets import KINDS, get_kind, reading, tables, writing
from marketplace.exchange.sheets.tables import RowProblem
from marketplace.exchange.views.base import PUBLISHABLE, bp, kinds_of, only_business
from marketplace.infra import jobs
from marketplace.infra.i18n import say, show_date
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.storage import read_file
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
    wants_fragment,
)

PROBLEMS_SHOWN = 50
# By kind: the list an officer looks at, and one's own.
_LISTS = {
    "producers": ("businesses.list_businesses", "businesses.choose_business"),
    "outlets": ("businesses.list_businesses", "businesses.choose_business"),
    "products": ("catalog.list_area_products", "catalog.list_own_products"),
    "needs": ("demand.browse_needs", "demand.list_own_needs"),
    "stalls": ("programs.list_programs", "programs.list_own_stalls"),
    "turnover": ("programs.list_programs", "programs.list_own_stalls"),
}


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with one value of one column, and in which rows of the file."""

    column: str
    cell: str
    wrong: str
    rows: list[int] = field(default_factory=list)


@bp.get("/import")
@allow(policies.may_exchange)
def choose_import() -> ResponseReturnValue:
    """What can be brought in, each with its template, and one's imports so far."""
    actor = current_actor()
    return render_template(
        "exchange/choose_import.html",
        kinds=kinds_of(actor),
        form=UploadForm(),
        page=queries.page_of_own_imports(actor.person_id or 0, number=page_number()),
        titles={key: say(kind.title) for key, kind in KINDS.items()},
    )


@bp.route("/import/<kind>", methods=["GET", "POST"])
@allow(policies.may_import_kind, get_kind)
def upload(kind: str) -> ResponseReturnValue:
    found, actor, form = get_kind(kind), current_actor(), UploadForm()
    if request.method == "GET":
        return render_template("exchange/upload.html", kind=found, form=form)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    try:
        table, name = _read(form, kind)
    except InvalidInput as error:
        form.file.errors = [say(error.msgid, error.params)]
        return render_template("exchange/upload.html", kind=found, form=form), 422
    match = reading.guess_columns(found, table)
    with transaction():
        one = services.start_import(
            actor=actor,
            kind=kind,
            table=tables.dump_table(table),
            rows=len(table.rows),
            file_name=name,
            mapping=ColumnMap(match.found),
            business_id=only_business(actor, found),
        )
        location = remember_form(form, url_for(".map_columns", import_id=one.id))
    return redirect(location)


@bp.get("/imports/<int:import_id>")
@allow(policies.may_see_import, queries.get_import)
def show_import(import_id: int) -> ResponseReturnValue:
    """Where the import stands: being checked, to be confirmed, being taken in, done."""
    one = queries.get_import(import_id)
    if one.state is ImportState.MAPPING:
        return redirect(url_for(".map_columns", import_id=one.id))
    job = jobs.get_job(one.job_id) if one.job_id else None
    problems = _problems(one)
    bad_cells = _shown(one, problems)
    answer = make_response(
        render_template(
            "exchange/show_import.html",
            one=one,
            kind=get_kind(one.kind),
            job=_progress(one, job),
            has_failed=job is not None and job.state is JobState.FAILED,
            problems=bad_cells[:PROBLEMS_SHOWN],
            problem_count=len(bad_cells),
            bad_rows=len({each.row for each in problems}) or one.preview.get("bad", 0),
            good=sum(one.preview.get(key, 0) for key in ("added", "changed")),
            has_drafts=_has_drafts(one),
            list_url=_list_url(one),
        )
    )
    if wants_fragment() and one.state in {ImportState.CHECKED, ImportState.DONE}:
        # The box that asks how far it is cannot hold the result: the whole page is shown anew.
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/imports/<int:import_id>/confirm")
@allow(policies.may_see_import, queries.get_import)
def confirm_import(import_id: int) -> ResponseReturnValue:
    with transaction():
        one = queries.get_import(import_id)
        if one.state is ImportState.CHECKED:  # else it is a double press: it is under way
            services.confirm_import(actor=current_actor(), one=one)
    return redirect(url_for(".show_import", import_id=import_id))


@bp.post("/imports/<int:import_id>/resume")
@allow(policies.may_see_import, queries.get_import)
def resume_import(import_id: int) -> ResponseReturnValue:
    with transaction():
        services.resume_import(actor=current_actor(), one=queries.get_import(import_id))
    flash(_("The work goes on where it stopped."))
    return redirect(url_for(".show_import", import_id=import_id))


def _has_drafts(one: Import) -> bool:
    """Whether what came in waits to be published; unknown once the rows are forgotten."""
    publishable = one.kind in PUBLISHABLE and not one.mapping.get("publish")
    return publishable and bool(one.counts.get("added")) and one.problems is not None


def _list_url(one: Import) -> str:
    """Where what came in is seen."""
    of_office, own = _LISTS[one.kind]
    return url_for(of_office if current_actor().is_officer else own)


def _read(form: UploadForm, kind: str) -> tuple[Sheet, str]:
    sent = form.file.data
    if not sent or not sent.filename:
        raise InvalidInput(N_("Choose a file first."))
    return tables.read_upload(sent.read(), get_kind(kind)), clean_text(sent.filename)[:200]


def _problems(one: Import) -> list[RowProblem]:
    found = [tables.problem_from_json(each) for each in one.refused]
    if one.problems is not None:
        found += tables.load_problems(read_file(one.problems))
    return sorted(found, key=lambda each: each.row)


def _shown(one: Import, problems: list[RowProblem]) -> list[BadCell]:
    """The bad cells, the same one in many rows once: where, what stands there, what is wrong."""
    if not problems:
        return []
    table = tables.load_table(read_file(one.table))
    mapping = ColumnMap.from_dict(one.mapping)
    labels = {column.key: column.label for column in tables.shown_columns(get_kind(one.kind))}
    found: dict[tuple[str, str, str], BadCell] = {}
    for each in problems:
        key = each.problem.column
        index = mapping.columns.get(key)
        cell = table.rows[each.row][index] if index is not None else None
        column = table.headers[index] if index is not None else labels.get(key, "")
        said = "" if cell is None else str(show_date(cell) if isinstance(cell, date) else cell)[:80]
        bad = BadCell(column, said, writing.sentence(each, {}))
        found.setdefault((bad.column, bad.cell, bad.wrong), bad).rows.append(
            table.row_numbers[each.row]
        )
    return list(found.values())


def _progress(one: Import, job: Job | None) -> dict[str, Any]:
    labels = {
        ImportState.CHECKING: _("The file is being checked"),
        ImportState.APPLYING: _("The rows are being taken in"),
    }
    return {
        "state": job.state.value if job else "done",
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "label": labels.get(one.state, ""),
        "url": url_for(".show_import", import_id=one.id),
    }

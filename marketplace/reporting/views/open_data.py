"""Open data: aggregates anybody may have, with what each column means."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import OfficeLevel
from marketplace.core.sheets import Column
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.web import public
from marketplace.regions.rules import HOME_PROVINCE, provinces
from marketplace.reporting.documents.open_data import table_of
from marketplace.reporting.rules.open_data import COLUMNS, RULES, OpenTable
from marketplace.reporting.views.asked import no_page
from marketplace.reporting.views.blueprint import bp


@bp.get("/open-data")
@public
def list_open_data() -> ResponseReturnValue:
    tables = [
        (
            which.value,
            say(rule.name),
            say(rule.about),
            [(name, say(COLUMNS[name])) for name in rule.columns],
        )
        for which, rule in RULES.items()
    ]
    home = _province_asked()
    offices = [one for one in accounts.list_offices() if one.level is OfficeLevel.PROVINCE]
    return render_template(
        "reporting/list_open_data.html",
        tables=tables,
        province=home,
        asked=None if home == HOME_PROVINCE else home,
        provinces=sorted({HOME_PROVINCE, *(one.region_code for one in offices)}),
    )


def _province_asked() -> str:
    """Whose data: `?province=16`, without one the province this service was made for."""
    said = request.args.get("province", HOME_PROVINCE)
    if said not in provinces():
        raise no_page()
    return said


@bp.get("/open-data/<key>.<ending>")
@public
def export_open_data(key: str, ending: str) -> ResponseReturnValue:
    if key not in set(OpenTable) or ending not in FORMATS:
        raise no_page()
    home = _province_asked()
    name = f"data-terbuka-{key}" + ("" if home == HOME_PROVINCE else f"-{home}")
    return export_response(*table_of(OpenTable(key), home), name, ending)


@bp.get("/open-data/dictionary.<ending>")
@public
def export_dictionary(ending: str) -> ResponseReturnValue:
    """The data dictionary as a table of its own."""
    if ending not in FORMATS:
        raise no_page()
    columns = [Column("tabel", "tabel"), Column("kolom", "kolom"), Column("arti", "arti", width=80)]
    rows = [
        [which.value, name, say(COLUMNS[name])]
        for which, rule in RULES.items()
        for name in rule.columns
    ]
    return export_response(columns, rows, "kamus-data", ending)

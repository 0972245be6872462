"""Open data: aggregates anybody may have, with what each column means."""

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.core.sheets import Column
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.web import public
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
    return render_template("reporting/list_open_data.html", tables=tables)


@bp.get("/open-data/<key>.<ending>")
@public
def export_open_data(key: str, ending: str) -> ResponseReturnValue:
    if key not in set(OpenTable) or ending not in FORMATS:
        raise no_page()
    return export_response(*table_of(OpenTable(key)), f"data-terbuka-{key}", ending)


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

"""A table as a file to keep: Excel or CSV, with cells that no spreadsheet runs."""

from collections.abc import Iterable, Sequence

from flask import Response

from marketplace.core.sheets import Cell, Column
from marketplace.infra.workbooks import write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, name: str, ending: str
) -> Response:
    """Send `rows` as `name.xlsx` or `name.csv`; `name` is ours, never what somebody typed."""
    if ending == "csv":
        body, media_type = write_csv(columns, rows), "text/csv; charset=utf-8"
    else:
        body, media_type = write_xlsx(columns, rows), XLSX
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response

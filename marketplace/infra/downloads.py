"""Lists as files: the same rows a page shows, for Excel or any other program."""

from collections.abc import Iterable, Sequence

from flask import Response

from marketplace.core.sheets import Cell, Column
from marketplace.infra.workbooks import write_csv, write_xlsx

FORMATS = ("xlsx", "csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_response(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], filename: str, fmt: str
) -> Response:
    """A download of `rows` as `filename`.xlsx or .csv; what looks like a formula stays text."""
    if fmt == "csv":
        return file_response(write_csv(columns, rows), f"{filename}.csv", "text/csv; charset=utf-8")
    return file_response(write_xlsx(columns, rows, title=filename), f"{filename}.xlsx", XLSX)


def file_response(data: bytes, filename: str, media_type: str) -> Response:
    """A download; `filename` is ours and plain ASCII."""
    response = Response(data, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response

"""Drive an import the way a person does: send a file, say what its columns mean, confirm."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import python_calamine

from marketplace.core.sheets import Column
from marketplace.exchange import queries
from marketplace.exchange.models import Import
from marketplace.infra.db import session
from marketplace.infra.workbooks import write_xlsx
from tests.support.client import Client


def csv_bytes(*rows: Sequence[object]) -> bytes:
    return "\n".join(";".join(str(cell) for cell in row) for row in rows).encode()


def xlsx_bytes(header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    return write_xlsx([Column(f"c{n}", name) for n, name in enumerate(header)], rows)


def cells_in(data: bytes) -> list[list[Any]]:
    """Every row of the first sheet of a downloaded workbook, empty cells as ""."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python()


@dataclass
class Importer:
    """`send` uploads, `check` fills the mapping page as it stands and adds `answers`, `take_in`
    confirms and does the work."""

    browser: Client
    run_jobs: Callable[[], int]

    def send(self, kind: str, data: bytes, name: str = "daftar.csv") -> Any:
        return self.browser.post(
            f"/import/{kind}",
            data={"file": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )

    def start(self, kind: str, data: bytes, name: str = "daftar.csv") -> int:
        answer = self.send(kind, data, name)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        found = re.search(r"/imports/(\d+)/", answer.location)
        assert found
        return int(found[1])

    def show(self, number: int, **answers: str) -> str:
        """The mapping page after "show the values", with these answers."""
        form = {**self.form(number), **answers, "show": "1"}
        return self.browser.post(f"/imports/{number}/columns", data=form).get_data(as_text=True)

    def form(self, number: int, page: str | None = None) -> dict[str, str]:
        return fields_of(page or self.browser.text(f"/imports/{number}/columns"))

    def check(self, number: int, form: dict[str, str] | None = None, **answers: str) -> Import:
        sent = {**(form or self.form(number)), **answers, "check": "1"}
        answer = self.browser.post(f"/imports/{number}/columns", data=sent)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.run_jobs()
        return self.now(number)

    def checked_page(self, kind: str, data: bytes, name: str = "daftar.csv") -> str:
        """What one reads of a file that was sent and checked."""
        number = self.start(kind, data, name)
        self.check(number)
        return self.browser.text(f"/imports/{number}")

    def take_in(self, number: int) -> Import:
        self.browser.post(f"/imports/{number}/confirm")
        self.run_jobs()
        return self.now(number)

    def now(self, number: int) -> Import:
        session.rollback()
        return queries.get_import(number)

    def bring_in(self, kind: str, data: bytes, name: str = "daftar.csv", **answers: str) -> Import:
        number = self.start(kind, data, name)
        self.check(number, **answers)
        return self.take_in(number)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the mapping form: each control with its present value."""
    form = page.split('class="form mapping"', 1)[1].split("</form>", 1)[0]
    found: dict[str, str] = {}
    for select in re.finditer(r'<select name="([^"]+)".*?</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', select[0])
        found[select[1]] = chosen[1] if chosen else ""
    for box in re.finditer(r"<input [^>]*>", form):
        name = re.search(r'name="([^"]+)"', box[0])
        value = re.search(r'value="([^"]*)"', box[0])
        if name and "checkbox" not in box[0]:
            found[name[1]] = value[1] if value else ""
    return found


@pytest.fixture
def importer(run_jobs: Callable[[], int]) -> Callable[[Client], Importer]:
    return lambda browser: Importer(browser, run_jobs)

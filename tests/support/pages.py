"""Read pages as a browser does: links and the forms with what stands in them."""

import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from sqlalchemy import select

from marketplace.infra.db import Model, session

# Tables that count the visit itself, and facts that are the same for all.
NOT_COMPARED = frozenset({"sign_in_attempts", "sign_in_sessions", "form_effects", "regions"})


@dataclass
class PageForm:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """`links` and `forms` of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._read_field(tag, given)

    def _read_field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        fields, name = self._form.fields, given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"radio", "checkbox"}:
                if "checked" in given or name not in fields:
                    fields[name] = given.get("value", "on")
            elif kind != "file" and name != "csrf_token":  # the visitor sends their own
                fields[name] = given.get("value", "")
        elif tag == "button" and name:
            fields.setdefault(name, given.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            fields[name] = ""
        elif tag == "option" and self._select:
            value = given.get("value", "")
            if "selected" in given or not fields.get(self._select):
                fields[self._select] = value

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def normalised(html: str) -> str:
    """The page without what differs between two visits: numbers, tokens, hashes."""
    return re.sub(r"[A-Za-z0-9_.-]{20,}|[0-9a-f]{8,}|\d+", "#", html)


def fingerprint() -> dict[str, str]:
    """What every table holds, as one hash each."""
    session.rollback()
    found = {}
    for table in Model.metadata.sorted_tables:
        if table.name not in NOT_COMPARED:
            rows = sorted(str(tuple(row)) for row in session.execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    session.rollback()
    return found

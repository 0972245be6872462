"""Papers as PDF: A4, tagged (PDF/UA-1), with a QR code that says whether they are genuine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from typing import Literal
from urllib.parse import urlsplit

import segno
import typst

from marketplace.infra.config import ROOT

LAYOUTS = ROOT / "templates" / "_layout"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with sentences, names and values, or a table; what is empty is left out."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture(Part):
    """A part with a drawing: an SVG of ours, and in words what it shows.

    A class of its own, so that the print of papers without one (deals.documents.papers) stays what
    it was.
    """

    drawing: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Ruled(Part):
    """A part whose table says how wide its columns are, as shares of the width.

    `is_text`: its cells are read, not compared, and stand to the left.
    """

    shares: tuple[int, ...] = ()
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says, in plain text; `draft` is a warning across it, `signers` (role, name)."""

    title: str
    number: str
    office: str
    blocks: tuple[Part, ...]
    signers: tuple[tuple[str, str], ...] = ()
    draft: str = ""
    lang: str = "id"


@dataclass(frozen=True, slots=True)
class Diploma:
    """A certificate across one page; `lines`: what for, its name, what else. `void` a stamp on it.

    `check` tells what the mark is for, `url` is where it leads.
    """

    title: str
    office: str
    number: str
    lead: str
    name: str
    lines: tuple[str, ...]
    signer: tuple[str, str]
    check: str
    url: str
    void: str = ""


def write_diplomas(diplomas: Sequence[Diploma]) -> bytes:
    """All in one file, a page each; nothing a person typed is read as markup."""
    pages = [
        {**asdict(one), "qr": _qr(one.url), "place": urlsplit(one.url).netloc} for one in diplomas
    ]
    title = f"{diplomas[0].title} {diplomas[0].number}"
    return _compiled("diploma.typ", {"title": title, "diplomas": pages})


def write_pdf(paper: Paper, *, check: str, url: str) -> bytes:
    """Set a paper; `check` tells what the mark is for, `url` is where it leads.

    The text is handed over as data, so nothing a person typed is read as markup.
    """
    data = {**asdict(paper), "check": check, "url": url, "qr": _qr(url)}
    return _compiled("paper.typ", data)


def _compiled(layout: str, data: Mapping[str, object]) -> bytes:
    """For readers of screens too (PDF/UA); that standard takes no sign our fonts do not draw.

    Anybody may sign up with a flower behind the name: it is printed as a box and the paper misses
    the standard, but no name stops the certificates of all the others.
    """
    try:
        return _set(layout, data, "ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _set(layout, data, None)


def _set(layout: str, data: Mapping[str, object], standard: Literal["ua-1"] | None) -> bytes:
    pdf: bytes = typst.compile(
        _template(layout),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,  # the same paper on every machine
        pdf_standards=standard,
    )
    return pdf


@lru_cache(maxsize=4)
def _template(layout: str) -> bytes:
    return (LAYOUTS / layout).read_bytes()


def _qr(url: str) -> str:
    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()

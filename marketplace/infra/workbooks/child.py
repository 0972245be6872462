"""The process that opens an uploaded table: measured first, then read, within hard limits.

Run by path, as `python -I child.py '<limits as JSON>'`, with the file on standard input; so it
imports nothing of ours. It answers one JSON object: `{"sheets": [{"name", "rows"}]}` or
`{"refused": code}` with the codes of `reading.REASONS`. Dates come as `{"d": "2026-01-31"}`.
A separate process, because a parser that runs out of memory takes its whole process with it.
"""

import csv
import io
import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

_CHUNK = 1 << 20
_MOST_PARTS = 2_000
_MOST_SHEETS = 20
# Below this size a high ratio is only an evenly filled table.
_RATIO_COUNTS_FROM = 10 * (1 << 20)
_MOST_TEXT = 32 * (1 << 20)
_ROWS_ABOVE = 30  # letterhead, title and header are not rows of data

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATIONS = [
    mark.encode(code)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
]


class Refused(Exception):
    """The file will not be read; the argument is a code of `reading.REASONS`."""


def main() -> None:
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": list(_read(sys.stdin.buffer.read(), limits))}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "heavy"}
    # In one piece: json.dump, which writes as it goes, takes five times as long.
    sys.stdout.write(json.dumps(answer, separators=(",", ":")))


def _read(data: bytes, limits: dict[str, int]) -> Iterator[dict[str, Any]]:
    if data.startswith(_ZIP):
        measure(data, limits)
        tables = _workbook(data, limits)
    elif data.startswith(_OLE):
        tables = _workbook(data, limits)
    else:
        tables = _csv(data, limits)
    left, room = limits["rows"] + _ROWS_ABOVE, _MOST_TEXT
    for name, cells in tables:
        rows: list[list[Any]] = []
        blanks = 0
        for row in cells:
            plain = [_plain(cell) for cell in row]
            while plain and plain[-1] is None:
                plain.pop()
            if not plain:  # trailing blank rows are not rows; inner ones keep the numbering
                blanks += 1
                if blanks > limits["rows"]:
                    break
                continue
            left -= 1
            if left < 0:
                raise Refused("rows")
            if len(plain) > limits["columns"]:
                raise Refused("columns")
            room -= sum(len(cell) for cell in plain if isinstance(cell, str))
            if room < 0:
                raise Refused("heavy")
            rows.extend([] for _ in range(blanks))
            blanks = 0
            rows.append(plain)
        yield {"name": name, "rows": rows}


def measure(data: bytes, limits: dict[str, int]) -> None:
    """Inflate every part of the archive without keeping it; refuse bombs, lies and nesting.

    Counted from the deflate streams themselves: the sizes in the directory are the sender's words.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise Refused("damaged") from error
    names = {part.filename for part in parts}
    if len(parts) > _MOST_PARTS or len(names) != len(parts):
        raise Refused("damaged")
    if not ("xl/workbook.xml" in names or {"content.xml", "mimetype"} <= names):
        raise Refused("type")
    total = 0
    for part in parts:
        if part.flag_bits & 1:
            raise Refused("password")
        size = 0
        for chunk in _inflated(data, part):
            size += len(chunk)
            if total + size > limits["inflated"]:
                raise Refused("bomb")
        if size != part.file_size:
            raise Refused("damaged")
        total += size
        if total > max(_RATIO_COUNTS_FROM, limits["ratio"] * len(data)):
            raise Refused("bomb")


def _inflated(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of one part in pieces, each looked through for what does not belong there."""
    header = data[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or not header.startswith(_ZIP):
        raise Refused("damaged")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = part.header_offset + 30 + name_length + extra_length
    packed = data[start : start + part.compress_size]
    if len(packed) != part.compress_size:
        raise Refused("damaged")
    before = b""
    for chunk in _unpacked(packed, part.compress_type):
        if not before and chunk.startswith((_ZIP, _OLE)):
            raise Refused("nested")
        window = before + chunk
        if part.filename.endswith((".xml", ".rels")):
            _check_markup(window)
        before = window[-200:]
        yield chunk


def _unpacked(packed: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from (packed[at : at + _CHUNK] for at in range(0, len(packed), _CHUNK))
        return
    if method != zipfile.ZIP_DEFLATED:
        raise Refused("damaged")
    inflate = zlib.decompressobj(-15)
    try:
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _CHUNK)
            packed = inflate.unconsumed_tail
        while not inflate.eof and (rest := inflate.decompress(b"", _CHUNK)):
            yield rest
    except zlib.error as error:
        raise Refused("damaged") from error
    if not inflate.eof or inflate.unused_data:
        raise Refused("damaged")


# A cell with content beyond column CV (100) or row 65,535. The reader makes room for the whole
# rectangle before it gives us a row, so one such cell costs gigabytes. Empty formatted cells far
# out are common and cost nothing: they are let through.
_FAR_CELL = re.compile(
    rb"""<(?:[a-z]+:)?c\s(?:[^>]*\s)?r=["'](?:([A-Z]{3}|[D-Z][A-Z]|C[W-Z])[0-9]+"""
    rb"""|[A-Z]{1,2}(?:[7-9][0-9]{4}|[0-9]{6,}))["'](?:[^>]*[^>/])?>(?!</)"""
)


def _check_markup(window: bytes) -> None:
    if any(mark in window for mark in _DECLARATIONS):
        raise Refused("markup")
    far = _FAR_CELL.search(window)
    if far:
        raise Refused("columns" if far.group(1) else "rows")


def _workbook(data: bytes, limits: dict[str, int]) -> Iterator[tuple[str, Iterable[list[Any]]]]:
    import python_calamine as calamine  # only where it is needed: a CSV starts faster without

    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            seen = [
                each.name
                for each in book.sheets_metadata
                if each.visible is calamine.SheetVisibleEnum.Visible
                and each.typ is calamine.SheetTypeEnum.WorkSheet
            ]
            for name in seen[:_MOST_SHEETS]:
                sheet = book.get_sheet_by_name(name)
                if sheet.width > limits["columns"]:
                    raise Refused("columns")
                # Blank rows above and columns left stay: numbering is what people see.
                yield name, sheet.to_python(skip_empty_area=False)
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except calamine.CalamineError as error:
        raise Refused("damaged") from error


def _csv(data: bytes, limits: dict[str, int]) -> Iterator[tuple[str, Iterable[list[Any]]]]:
    text = _decoded(data)
    head = text[:500].lstrip().lower()
    if head.startswith(("<!doctype", "<html", "<table", "<?xml", "<meta", "<style")):
        raise Refused("webpage")
    csv.field_size_limit(1 << 20)
    lines = text
    hint = re.match(r"sep=(.)\r?\n", text)
    if hint:
        lines = text[hint.end() :]
    delimiter = hint.group(1) if hint else _delimiter(lines)
    try:
        yield "", ([_unprotected(c) for c in row] for row in _records(lines, delimiter))
    except csv.Error as error:
        raise Refused("damaged") from error


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        code = "utf-16"
    elif b"\x00" in data or data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ")):
        raise Refused("type")
    else:
        code = "utf-8-sig"
    try:
        return data.decode(code)
    except UnicodeDecodeError:
        if code == "utf-16":
            raise Refused("damaged") from None
    try:
        text = data.decode("cp1252")  # what Excel on an Indonesian Windows writes
    except UnicodeDecodeError as error:
        raise Refused("type") from error
    controls = sum(char < " " and char not in "\t\r\n\x0b\x0c" for char in text[:10_000])
    if controls:
        raise Refused("type")
    return text


def _delimiter(text: str) -> str:
    """The sign under which the most lines have the same number of fields, more than one."""
    sample = text[:20_000]

    def evenness(sign: str) -> tuple[int, int]:
        widths: list[int] = []
        try:
            widths = [len(row) for _, row in zip(range(40), _records(sample, sign), strict=False)]
        except csv.Error:
            return (0, 0)
        many = [width for width in widths if width > 1]
        usual = max(set(many), key=many.count, default=0)
        return (many.count(usual), usual)

    return max((";", ",", "\t", "|"), key=evenness)


_PROTECTED = re.compile("'(?:'|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\\t\\r\\n])")


def _unprotected(text: str) -> str:
    """Take off the apostrophe that `writing` puts before text a spreadsheet could run."""
    return text[1:] if _PROTECTED.match(text) else text


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell != cell or abs(cell) == float("inf"):
            return str(cell)
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, datetime):
        return {"d": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        return str(cell)
    return cell


if __name__ == "__main__":
    main()

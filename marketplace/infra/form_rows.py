"""Repeated rows of a form without script: `add_<name>`, `remove_<name>`, `fill_<group>`.

Works on what was sent, before any field reads it, so that nothing typed is lost or judged early.
"""

import re
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict


def rows_pressed(
    sent: MultiDict[str, str],
    rows: Mapping[str, Sequence[str]],
    *,
    fill: Mapping[str, Sequence[str]] | None = None,
    most: int = 100,
) -> MultiDict[str, str] | None:
    """What was sent with the pressed row button carried out; None where none was pressed.

    `rows` names each repeated group and the fields of one row; `fill` names, for each group of
    `fill_<group>`, patterns of the fields that take the first value typed among them.
    """
    for name, fields in rows.items():
        if f"add_{name}" in sent:
            return _with_row(sent, name, fields, most)
        if f"remove_{name}" in sent:
            return _without_row(sent, name, sent[f"remove_{name}"])
    for group, patterns in (fill or {}).items():
        if f"fill_{group}" in sent:
            return _filled(sent, patterns)
    return None


def _indexes(sent: MultiDict[str, str], name: str) -> list[int]:
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
    return sorted({int(found[1]) for key in sent if (found := pattern.match(key))})


def _with_row(
    sent: MultiDict[str, str], name: str, fields: Sequence[str], most: int
) -> MultiDict[str, str]:
    changed = sent.copy()
    indexes = _indexes(sent, name)
    if len(indexes) < most:
        number = indexes[-1] + 1 if indexes else 0
        for field in fields:
            changed[f"{name}-{number}-{field}"] = ""
    return changed


def _without_row(sent: MultiDict[str, str], name: str, which: str) -> MultiDict[str, str]:
    prefix = f"{name}-{which}-"
    return MultiDict(
        [(key, value) for key, value in sent.items(multi=True) if not key.startswith(prefix)]
    )


def _filled(sent: MultiDict[str, str], patterns: Sequence[str]) -> MultiDict[str, str]:
    wanted = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    keys = [key for key in sent if wanted.fullmatch(key)]
    value = next((sent[key] for key in keys if sent[key].strip()), "")
    changed = sent.copy()
    for key in keys:
        changed[key] = value
    return changed

"""Translations: find what people read, keep the Indonesian catalog in step, compile.

    python -m tools.catalogs update     new texts get an empty translation, dropped ones go
    python -m tools.catalogs missing    list what has no translation; exit status 1 if anything
    python -m tools.catalogs compile    .po -> .mo (not kept in the repository)

The English text is its own key, so English needs no catalog.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "marketplace" / "translations"
INDONESIAN = TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po"

SOURCES = (
    (ROOT / "marketplace", [("**.py", "python")]),
    (ROOT / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
)
HEADER = "# Temu Gerai in Indonesian. `make catalogs` keeps the texts; the translations are ours."
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "_l": None, "lazy_gettext": None, "say": None}


def extract() -> Catalog:
    """Every marked text of the code and the templates, with the files it stands in."""
    catalog = Catalog(project="Temu Gerai", charset="utf-8")
    for folder, methods in SOURCES:
        found = extract_from_dir(
            folder,
            methods,
            keywords=KEYWORDS,
            comment_tags=["Translators:"],
            # By default a folder such as `_macros` would be passed over.
            directory_filter=lambda path: not Path(path).name.startswith("."),
        )
        for name, line, message, comments, context in found:
            place = (folder / name).relative_to(ROOT).as_posix()
            catalog.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def read(place: Path) -> Catalog:
    with place.open("rb") as handle:
        return read_po(handle)


def untranslated(texts: Catalog, translated: Catalog) -> Iterator[Message]:
    """The messages of `texts` that `translated` has not, has empty, or marks as a guess."""
    for message in texts:
        if not message.id:
            continue
        known = translated.get(message.id, message.context)
        if known is None or known.fuzzy or not _is_whole(known.string):
            yield message


def _is_whole(translation: object) -> bool:
    forms = translation if isinstance(translation, list | tuple) else (translation,)
    return bool(forms) and all(forms)


def update() -> None:
    """Rewrite the catalog: the texts of today, each with the translation it had."""
    old, fresh = read(INDONESIAN), Catalog(locale="id", header_comment=HEADER, charset="utf-8")
    # Indonesian has one form for all numbers; Babel takes it for two.
    fresh.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    for message in sorted(extract(), key=lambda one: str(one.id)):
        if message.id:
            known = old.get(message.id, message.context)
            places = sorted({(place, 1) for place, _line in message.locations})
            fresh.add(
                message.id,
                known.string if known else None,
                places,
                flags=message.flags,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    fresh.project = "Temu Gerai"
    fresh.version = fresh.msgid_bugs_address = fresh.last_translator = ""
    fresh.language_team = ""
    # No dates, no people: what changed when is in the history.
    fresh.creation_date = fresh.revision_date = old.creation_date
    fresh.fuzzy = False
    with INDONESIAN.open("wb") as handle:
        write_po(handle, fresh, width=100, include_lineno=False)


def compile_all() -> None:
    for place in TRANSLATIONS.rglob("*.po"):
        with place.with_suffix(".mo").open("wb") as handle:
            write_mo(handle, read(place))


def show_missing() -> int:
    missing = [message.id for message in untranslated(extract(), read(INDONESIAN))]
    for text in missing:
        sys.stdout.write(f"{text!r}\n")
    return 1 if missing else 0


COMMANDS = {"update": update, "missing": show_missing, "compile": compile_all}


def main() -> int:
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if command is None:
        sys.stderr.write(__doc__ or "")
        return 2
    return command() or 0


if __name__ == "__main__":
    sys.exit(main())

"""Files a command reads and writes: one clear sentence where it cannot, nothing half-written."""

from pathlib import Path

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark; raises InvalidInput."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(N_("The file %(name)s is not UTF-8"), name=path.name) from error
    except OSError as error:
        raise InvalidInput(N_("The file %(name)s cannot be read"), name=path.name) from error


def write_text(path: Path, text: str) -> None:
    """Put the whole text in place at once; raises InvalidInput."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InvalidInput(N_("The file %(name)s cannot be written"), name=path.name) from error
    finally:
        unfinished.unlink(missing_ok=True)

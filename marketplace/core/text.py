"""Text as people type it, made safe to store and compare."""

import unicodedata

LINE_MAX = 200
PARAGRAPH_MAX = 4_000

# Format characters that carry meaning inside emoji and Indic scripts are not needed in trade names:
# all of category Cf goes, so that two names which look alike also compare alike.
_KEPT_CONTROLS = frozenset("\n\t")


def N_(message: str) -> str:
    """Mark a message for translation without translating it; the edge translates."""
    return message


def clean_text(raw: str, *, multiline: bool = False) -> str:
    """Return `raw` NFC-normalised, without control, format and surrogate characters, trimmed.

    A single line has its runs of white space folded to one space; a paragraph keeps line breaks.
    Length is not cut here: the caller refuses what is too long, so that nothing typed is lost.
    """
    if raw.isprintable():  # nearly every cell of a large file: nothing to take out of it
        return " ".join((raw if raw.isascii() else unicodedata.normalize("NFC", raw)).split())
    # A lone surrogate cannot be encoded for any database; it is dropped, never stored.
    text = raw.encode("utf-8", "ignore").decode("utf-8")
    text = "".join(
        char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char in _KEPT_CONTROLS or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}
    )
    # After the removal: an invisible sign between a letter and its accent kept them apart.
    text = unicodedata.normalize("NFC", text)
    if not multiline:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(lines).strip("\n ")


def whole_number(said: object, digits: int = 15) -> int | None:
    """The number of a row, a version or a count as a browser sends it; None for anything else.

    `isdigit` alone takes signs that `int` refuses, and more digits than a column holds.
    """
    text = str(said or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def fold(text: str) -> str:
    """The form in which two spellings of one name compare equal: NFKC, no marks, lower case."""
    cleaned = clean_text(text)
    if cleaned.isascii():
        return cleaned.lower()
    decomposed = unicodedata.normalize("NFKD", cleaned)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", plain).casefold().translate(_CONFUSABLES)


# Cyrillic and Greek letters that look like Latin ones: no listing may hide from search with them.
_CONFUSABLES = str.maketrans("асеіорхуѕјԁһոӏαορν", "aceiopxysjdhnlaopv")

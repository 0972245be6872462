"""Digits as people and their machines write them, brought to ASCII before anything reads them."""

import unicodedata

# Keyboards, chat programs and spreadsheets put these around or between the signs of a number.
_SAME_SIGN = str.maketrans("−–—‐‑‒﹣\u00a0\u2007\u2009\u202f\u3000", "-------     ")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u2060"


def ascii_digits(text: str) -> str:
    """Return `text` trimmed, with every decimal digit and full-width sign in its ASCII form.

    Only characters with one meaning are translated. A superscript, a fraction or an Arabic
    separator stays as it is, so that the strict patterns of the callers refuse it: NFKC would turn
    `15²` into 152. Invisible characters go at the ends (chat programs wrap pasted numbers in them)
    and stay, to be refused, inside.
    """
    stripped = text.strip(_INVISIBLE + " \t\r\n\u00a0")
    return "".join(_ascii(char) for char in stripped).translate(_SAME_SIGN).strip()


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if "\uff01" <= char <= "\uff5e":  # full-width forms of ! to ~
        return chr(ord(char) - 0xFEE0)
    return char

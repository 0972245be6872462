"""What every peer can be asked, so that all do the same work."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bench.scale import Facts, Wish

Hits = list[tuple[int, float]]
_WORD = re.compile(r"\w+")
# What one engine weighs a word of the title, the brand and the description with (BM25F 8/4/1).
TITLE, BRAND, BODY = 8.0, 4.0, 1.0


class NotHere(Exception):
    """The peer cannot be measured on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Text:
    """One document: fields as far as the set has them."""

    title: str
    brand: str = ""
    body: str = ""


def words_of(text: str) -> list[str]:
    """Lower-case words in order, each once."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


class Peer(ABC):
    """Rows are places in what `build` was given. Scores fall from the best to the worst.

    `constrains` says how a constraint is met. All words of a question are optional for all peers:
    asking for every word loses half of the true matches.
    """

    name: ClassVar[str]
    constrains: ClassVar[str] = "in the search"
    # False where nothing is built: then there is no time and no size of an index to compare.
    indexes: ClassVar[bool] = True
    # A note for the reader of the table.
    note: ClassVar[str] = ""

    def prepare(self) -> None:  # noqa: B027 - most have nothing to prepare
        """Start what is not the index: a server, a compiler. NotHere where that cannot be."""

    @abstractmethod
    def build(self, texts: Sequence[Text], facts: Facts | None = None) -> None:
        """Take these documents; facts only where constraints will be asked."""

    @abstractmethod
    def top(self, question: str, count: int, wish: Wish | None = None) -> Hits:
        """The best documents, of those that pass the wish."""

    @abstractmethod
    def among(self, question: str, rows: Sequence[int]) -> Hits:
        """These documents with a score, best first; who scores nothing may be left out."""

    def add(self, text: Text) -> int:
        """Add one document so that the next `top` finds it; its row.

        A peer that must be built again for that raises NotImplementedError.
        """
        raise NotImplementedError

    def remove(self, row: int) -> None:
        """Take one document out so that the next `top` does not find it."""
        raise NotImplementedError

    def reopen(self) -> None:  # noqa: B027 - most have nothing to open
        """Called in a forked process before it asks: open again what a fork cannot share."""

    def stored_mb(self) -> float | None:
        """Megabytes outside this process (on disk, in a server); None where there is nothing."""
        return None

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Let go of files and servers."""

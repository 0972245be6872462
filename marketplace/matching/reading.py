"""Texts read into numbers, many at a time: what `normalise` says, mostly by looking it up.

Blanks part a text into chunks, and few chunks matter to their neighbours: a number takes the unit
behind it and the `isi` before it, and a phrase is several words. Every other chunk always reads
alike: it is normalised once and looked up from then on. So is a number with what belongs to it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.batch import Batch, Dialect, Spelt
from marketplace.matching.chunks import Chunks
from marketplace.matching.crew import Crew
from marketplace.matching.layout import KNOWN, LEANS, LEANS_ON, NUMBERED, TRIED, WINDOW
from marketplace.matching.text import BESIDE_NUMBERS, MAX_TOKENS, normalise, plain_fold, word_of
from marketplace.matching.words import Vocabulary
from marketplace.matching.world import World

# The chunks of a large catalogue; beyond that, memory is worth more than time.
_REMEMBERED = 200_000
_DIGIT = re.compile(r"\d")
_PIECE = re.compile(r"\w+")
_CODE = re.compile(r"(?!isi)[a-z]+[0-9]+")
# Python splits at these, folding takes them out.
_NO_BLANK = re.compile(r"[\x0b\x0c\x1c-\x1f\x85]")

# In the order of the store's runs.
_TEXTS = ("title", "brand", "category", "description")
# Texts of which few are different.
_REPEATED = {"brand", "category"}

Tokens = Sequence[int]
# The tokens of many texts one after the other, and how many each has.
Flat = tuple[NDArray[np.int32], NDArray[np.int32]]
# From so many texts on, reading them at once is worth loading what is compiled for it.
_MANY = 512


class Reader:
    """Reads texts as `normalise` does; `token` gives the number of a normalised word."""

    def __init__(self, vocabulary: Vocabulary, token: Callable[[str], int]) -> None:
        self._vocabulary = vocabulary
        self._token = token
        self._chunks = Chunks()
        self._known: dict[str, Tokens] = {}
        self._folds: dict[str, str] = {}
        self._numbers: dict[str, Tokens] = {}
        self._numbered: set[str] = set()
        self._takes: dict[str, tuple[bool, bool]] = {}
        self._seven = normalise("7", vocabulary)
        self._whole_phrases = {phrase for phrase, _ in vocabulary.phrases}
        self._phrases: dict[str, list[str]] = defaultdict(list)
        for phrase, _ in vocabulary.phrases:
            first = _PIECE.search(phrase)
            self._phrases[first[0] if first else ""].append(phrase)
        # Sizes are rewritten before phrases are sought: a phrase with a number in it, or one that
        # begins with the `x` of 2x30, may appear only then.
        self._numbers_alone = not any(
            _DIGIT.search(phrase) or first in {"", "x"}
            for first, phrases in self._phrases.items()
            for phrase in phrases
        )

    def read(self, text: str) -> Tokens:
        """The tokens of a text: the numbers of `normalise(text)`."""
        folded = text.lower() if text.isascii() else self._folded(text)
        if folded is None:
            return self._read_whole(text)
        chunks = folded.split()
        found = list(map(self._known.get, chunks))
        tokens = self._read_rest(folded, chunks, found) if None in found else _joined(found)
        return tokens[:MAX_TOKENS] if len(tokens) > MAX_TOKENS else tokens

    def read_all(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The tokens of many texts one after the other, and how many each has.

        Those of which all chunks are known are read at once.
        """
        if len(texts) < _MANY:
            return _flat(list(map(self.read, texts)))
        folded = [text.lower() if text.isascii() else self._folded(text) or "\0" for text in texts]
        lines = ["\0" if "\n" in text else text for text in folded]
        tokens, counts = self._chunks.read(lines, MAX_TOKENS, numbers=self._numbers_alone)
        missed = counts < 0
        if missed.any():
            late, late_counts = _flat(
                [self.read(texts[row]) for row in np.flatnonzero(missed).tolist()]
            )
            counts[missed] = late_counts
            whole = np.empty(len(tokens) + len(late), np.int32)
            belated = np.repeat(missed, counts)
            whole[belated], whole[~belated] = late, tokens
            tokens = whole
        return tokens, counts

    def _read_whole(self, text: str) -> Tokens:
        return list(map(self._token, normalise(text, self._vocabulary)))

    def _read_chunk(self, chunk: str) -> Tokens:
        """The same of a folded chunk without numbers; most are a word of plain letters."""
        if _is_plain(chunk) and chunk not in self._whole_phrases:
            return [self._token(word_of(chunk, self._vocabulary))]
        return self._read_whole(chunk)

    def _folded(self, text: str) -> str | None:
        """`plain_fold` chunk by chunk; None where that may be another thing."""
        if _NO_BLANK.search(text):
            return None
        folded = []
        for chunk in text.split():
            known = self._folds.get(chunk)
            if known is None:
                known = plain_fold(chunk)
                if plain_fold(known) != known:
                    return None
                if len(self._folds) < _REMEMBERED:
                    self._folds[chunk] = known
            folded.append(known)
        return " ".join(folded)

    def _read_rest(self, folded: str, chunks: list[str], found: list[Tokens | None]) -> Tokens:
        """Where `found` is None, a chunk is new, holds a number or may begin a phrase."""
        numbered = []
        for place, chunk in enumerate(chunks):
            if found[place] is not None:
                continue
            if chunk in self._numbered or self._is_numbered(chunk):
                numbered.append(place)
                continue
            begun = [
                phrase for piece in _PIECE.findall(chunk) for phrase in self._phrases.get(piece, ())
            ]
            if any(phrase in folded for phrase in begun):
                return self._read_whole(folded)
            found[place] = self._read_chunk(chunk)
            if not begun:
                self._chunks.learn(chunk, KNOWN, self._keep(self._known, chunk, found[place] or ()))
        if not numbered:
            return _joined(found)
        if not self._numbers_alone or " ".join(chunks) != folded.strip():
            return self._read_whole(folded)
        tokens: list[int] = []
        done = 0
        for place in numbered:
            if place < done:
                continue
            start, end = self._around(chunks, found, place, done)
            for known in found[done:start]:
                tokens += known or ()
            window = chunks[place] if end - start == 1 else " ".join(chunks[start:end])
            tokens += self._numbers.get(window) or self._read_number(window)
            done = end
        for known in found[done:]:
            tokens += known or ()
        return tokens

    def _read_number(self, window: str) -> Tokens:
        # Most numbers that occur once are such: nothing is rewritten in them.
        read = [self._token(window)] if _CODE.fullmatch(window) else self._read_whole(window)
        tokens = self._keep(self._numbers, window, read)
        self._chunks.learn(window, WINDOW, tokens)
        return tokens

    def _around(
        self, chunks: list[str], found: list[Tokens | None], place: int, least: int
    ) -> tuple[int, int]:
        """From where to where chunks belong to the number at `place`, not before `least`.

        Where `found` is None stands a number.
        """
        takes = self._takes
        start, end = place, place + 1
        while start > least:
            chunk = chunks[start - 1]
            if not (takes.get(chunk) or self._leans(chunk))[0]:
                break
            start -= 1
        while end < len(chunks):
            chunk = chunks[end]
            if found[end] is not None and True not in (takes.get(chunk) or self._leans(chunk)):
                break
            end += 1
        return start, end

    def _leans(self, chunk: str) -> tuple[bool, bool]:
        """Does a chunk without numbers belong to a number behind it, to one before it?

        Seen by trying: `isi 7` and `7 gr` read otherwise than `isi`, `gr` and `7`. A chunk that
        begins or ends with a sign may join two numbers, as `1 / 2` does.
        A word of plain letters does so only if it is one that speaks of sizes or measures.
        """
        if _is_plain(chunk) and chunk not in BESIDE_NUMBERS:
            return self._keep_leaning(chunk, (False, False))
        word, number = normalise(chunk, self._vocabulary), self._seven
        on = normalise(f"{chunk} 7", self._vocabulary) != [*word, *number]
        back = normalise(f"7 {chunk}", self._vocabulary) != [*number, *word]
        both = normalise(f"7 {chunk} 7", self._vocabulary) != [*number, *word, *number]
        known = on or not chunk[-1].isalnum(), back or both or not chunk[0].isalnum()
        return self._keep_leaning(chunk, known)

    def _keep_leaning(self, chunk: str, known: tuple[bool, bool]) -> tuple[bool, bool]:
        if len(self._takes) < _REMEMBERED:
            self._takes[chunk] = known
            leans = LEANS_ON * known[0] | LEANS * any(known)
            self._chunks.learn(chunk, TRIED | leans)
        return known

    def _is_numbered(self, chunk: str) -> bool:
        if not _has_number(chunk):
            return False
        if len(self._numbered) < _REMEMBERED:
            self._numbered.add(chunk)
            self._chunks.learn(chunk, NUMBERED)
        return True

    @staticmethod
    def _keep(memory: dict[str, Tokens], text: str, tokens: Tokens) -> Tokens:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        tokens = memory[text] = tuple(tokens)
        return tokens


def read_by(
    crew: Crew,
    found: Callable[[], Iterable[Batch]],
    world: World,
    texts: Callable[[], Iterable[Batch]] | None = None,
) -> Iterator[Batch]:
    """Batches with their texts, which the processes of a crew read, each in a dialect of its own.

    `found` gives the same batches whenever it is called: every process goes through all of them,
    which must cost little, and reads its share. Where they are dear to come by, `texts` gives the
    same with no more columns than are read.
    """

    def read(share: int) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], list[str]]]:
        reader = BatchReader(world)
        for batch in islice((texts or found)(), share, None, crew.jobs):
            known = len(reader.dialect.words)
            told = reader.read(batch)
            yield told.words, told.runs, reader.dialect.words[known:]

    dialects = [Dialect() for _ in range(crew.jobs)]
    for turn, (batch, told) in enumerate(zip(found(), crew.run(read), strict=True)):
        words, runs, new = told
        dialect = dialects[turn % crew.jobs]
        dialect.words += new
        yield Batch(batch.columns, Spelt(words, runs, dialect))


class BatchReader:
    """Reads the texts of offers, batch by batch, in the words of one dialect."""

    def __init__(self, world: World) -> None:
        self.dialect = Dialect()
        self._categories = world.categories
        self._numbers: dict[str, int] = {}
        self._reader = Reader(world.vocabulary, self._number)

    def read(self, batch: Batch) -> Spelt:
        """Title (with the pack), brand, category and description of every row."""
        parts = [self._column(batch, name) for name in _TEXTS]
        packs = batch.columns.get("pack")
        if packs is not None:
            numbers = [() if pack is None else (self._number(pack.token),) for pack in packs]
            parts[0] = _woven([parts[0], _flat(numbers)])
        words, _ = _woven(parts)
        runs = np.stack([counts for _, counts in parts], 1)
        return Spelt(words, runs, self.dialect)

    def _column(self, batch: Batch, name: str) -> Flat:
        """One text of every row."""
        column = batch.columns.get(name)
        if column is None:
            return np.zeros(0, np.int32), np.zeros(len(batch), np.int32)
        if name in _REPEATED:
            read = self._reader.read
            known = {value: read(self._meant(name, value)) for value in dict.fromkeys(column)}
            return _flat([known[value] for value in column])
        return self._reader.read_all(column)

    def _meant(self, name: str, value: str) -> str:
        node = self._categories.get(value) if name == "category" else None
        return node.name if node else value

    def _number(self, word: str) -> int:
        words = self.dialect.words
        number = self._numbers.setdefault(word, len(words))
        if number == len(words):
            words.append(word)
        return number


def _flat(read: Sequence[Tokens]) -> Flat:
    counts = np.array(list(map(len, read)), np.int32)
    return np.fromiter(chain.from_iterable(read), np.int32, int(counts.sum())), counts


def _woven(parts: Sequence[Flat]) -> Flat:
    """Of every row first what the first part has, then what the second has, and so on."""
    spoken = [(tokens, counts) for tokens, counts in parts if len(tokens)]
    if len(spoken) == 1:
        return spoken[0]
    counts: NDArray[np.int32] = np.array([own for _, own in parts]).sum(0, np.int32)
    woven = np.empty(int(counts.sum()), np.int32)
    free = np.cumsum(counts) - counts
    for tokens, own in spoken:
        before = np.cumsum(own) - own
        woven[np.arange(len(tokens)) + np.repeat(free - before, own)] = tokens
        free = free + own
    return woven, counts


def _joined(found: Iterable[Tokens | None]) -> list[int]:
    return [token for known in found for token in known or ()]


def _is_plain(chunk: str) -> bool:
    """Nothing but letters that are not folded any further."""
    return chunk.isascii() and chunk.isalpha()


def _has_number(chunk: str) -> bool:
    return _DIGIT.search(chunk) is not None or (
        not chunk.isascii() and any(char.isdigit() for char in chunk)
    )

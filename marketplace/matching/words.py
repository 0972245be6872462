"""The words people use: abbreviations, spellings and local names, each leading to one word.

An officer edits these in `commodities`; the engine is handed a `Vocabulary`. The default below is
what holds without any office: informal Indonesian, and spellings that differ by dialect only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from marketplace.core.text import fold


@dataclass(frozen=True)
class Vocabulary:
    """`spellings` maps a folded written form (one or several words) to the word it means.

    `protected` words are nouns of the trade that no stemmer may shorten.
    """

    spellings: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Single words and what they mean."""
        return {written: means for written, means in self.spellings.items() if " " not in written}

    @cached_property
    def known(self) -> frozenset[str]:
        """Words that are spelt as they should be: nobody needs to guess what is meant."""
        return self.protected | frozenset(self.spellings.values())

    @cached_property
    def phrases(self) -> tuple[tuple[str, str], ...]:
        """Written forms of several words, longest first, and what they mean."""
        found = [item for item in self.spellings.items() if " " in item[0]]
        return tuple(sorted(found, key=lambda item: (-len(item[0]), item)))

    def with_spellings(
        self, pairs: Iterable[tuple[str, str]], protected: Iterable[str] = ()
    ) -> "Vocabulary":
        """This vocabulary and more; a later pair wins over an earlier one."""
        spellings = dict(self.spellings)
        spellings.update((fold(written), fold(means)) for written, means in pairs)
        more = frozenset(fold(word) for word in protected)
        return Vocabulary(MappingProxyType(spellings), self.protected | more)


_ABBREVIATIONS = """
yg=yang dgn=dengan utk=untuk dr=dari sdh=sudah blm=belum tdk=tidak bks=bungkus btl=botol
klg=kaleng krt=karton ktk=kotak tpls=toples org=orang mkn=makan mnm=minum krg=karung
"""

# Spellings of one word, and names of one thing in Bangka Belitung and elsewhere.
_SPELLINGS = """
kripik=keripik kripic=keripik krupuk=kerupuk krupok=kerupuk kempelang=kemplang kemplank=kemplang
trasi=terasi belacan=terasi blacan=terasi sahang=lada merica=lada kritcu=keritcu kericu=keritcu
tengiri=tenggiri sambel=sambal cabe=cabai empek=pempek mpek=pempek coklat=cokelat nenas=nanas
getes=getas ampiyang=ampiang empiang=ampiang telor=telur duren=durian syrup=sirup sirop=sirup
kopie=kopi chocolate=cokelat coffee=kopi tea=teh pepper=lada honey=madu
"""


_PROTECTED = "kerupuk keripik terasi kemplang getas rusip cual lempah tenggiri teri beras emas khas"


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    for pair in text.split():
        written, _, means = pair.partition("=")
        yield written, means


DEFAULT_VOCABULARY = Vocabulary().with_spellings(
    [*_pairs(_ABBREVIATIONS), *_pairs(_SPELLINGS)],
    protected=_PROTECTED.split(),
)

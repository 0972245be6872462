"""The reasons of a listed offer, made of no more than what is shown of it.

What speaks for it are numbers of the comparisons; what the terms say is asked of the rules, for the
first offer that says so: many offers say the same in the few columns that a sentence depends on.
"""

from collections.abc import Hashable, Sequence

from marketplace.matching.columns import LEAD, LIFE, MAKE, MIN_ORDER, ORIGIN, PAPERS, UNIT
from marketplace.matching.features import FEATURES
from marketplace.matching.fitness import PARTS, fit_points
from marketplace.matching.judging import CODES, Entry, Judgement
from marketplace.matching.layout import NUMBER_BITS
from marketplace.matching.scoring import WITH_WORDS
from marketplace.matching.sentences import Sentences
from marketplace.matching.terms import Terms

# Needs that ask different things, and sentences about the terms of one of them.
_MOST_NEEDS, _MOST_SAID = 64, 1024
Columns = tuple[int, ...]

# The codes of terms: they come after all comparisons of words.
_TERMS_FROM = len(FEATURES) << NUMBER_BITS
_NOTHING: list[str] = []
# By the number of a term: which rule says what its sentence shows.
_RULE_OF = {CODES.index(code): code.removeprefix("fit_") for code in PARTS}
_RULE_OF[CODES.index("fit_price")] = "landed_price"
# Of which columns of the offer a sentence about a term depends; those not named: on any.
_TERM_READS: dict[int, Columns] = {
    CODES.index(code): columns
    for code, columns in {
        "fit_category": (),
        "fit_terms": (),
        "fit_cash": (),
        "fit_storage": (MAKE,),
        "fit_distance": (ORIGIN,),
        "fit_papers": (PAPERS,),
    }.items()
}
# The same of a rule, by its check and whether it fails (else it does not know).
_RULE_READS: dict[tuple[str, bool], Columns] = {
    **dict.fromkeys(((check, False) for check in ("landed_price", "share")), ()),
    ("shelf_life", False): (LIFE, LEAD, ORIGIN),
    **{
        (check, fails): ()
        for check in ("category", "one_paper_of", "category_md", "short_life_md", "halal")
        for fails in (True, False)
    },
    **{(check, fails): () for check in ("zone", "terms") for fails in (True, False)},
    ("storage", False): (),
    ("storage", True): (MAKE,),
    ("required_papers", False): (PAPERS,),
    ("required_papers", True): (PAPERS,),
    ("papers_checked", True): (PAPERS,),
    ("min_order", False): (MIN_ORDER, UNIT),
    ("cash", False): (),
}


class Said:
    """What was said of terms, by what the sentences depend on.

    `reads` tells, by the terms that are told and the rules that are not met, of which columns of an
    offer that is; None where it is that of this offer alone.
    """

    def __init__(self) -> None:
        self.reads: dict[Hashable, Columns | None] = {}
        self.sentences: dict[Hashable, list[str]] = {}


class Alike:
    """What was said of terms to needs that ask the same, whatever words they ask it in."""

    def __init__(self) -> None:
        self._kept: tuple[Terms | None, dict[Hashable, Said]] = None, {}

    def of(self, judged: Judgement) -> Said:
        """The sentences said to such a need under the same world, of the same catalogue."""
        terms, kept = self._kept
        if terms is not judged.terms:
            kept = {}
            self._kept = judged.terms, kept
        found = kept.get(judged.asks)
        if found is None or len(found.sentences) >= _MOST_SAID:
            if len(kept) >= _MOST_NEEDS:
                kept.clear()
            found = kept[judged.asks] = Said()
        return found


class Brief:
    """What is said of the best offers of one need. They are eligible and `certain`."""

    def __init__(self, judged: Judgement, sentences: Sentences, known: Said) -> None:
        self._judged = judged
        self._sentences = sentences
        self._known = known
        self._of_words: dict[tuple[int, int], str] = {}

    def reasons(self, one: Entry) -> list[str]:
        """A sentence for each comparison that is told, then those of the rules that are not met."""
        kept, of_words = self._sentences.kept, self._of_words
        terms = tuple([code for code in one.codes if code >= _TERMS_FROM])
        of_terms = self._of_terms(one, terms) if terms or one.failing or one.unknown else _NOTHING
        told = iter(of_terms)
        return [
            next(told)
            if code >= _TERMS_FROM
            else kept(code) or of_words.get((code, one.has)) or self._of_comparison(one, code)
            for code in one.codes
        ] + of_terms[len(terms) :]

    def _of_comparison(self, one: Entry, code: int) -> str:
        """The sentence of a comparison that was not told yet."""
        place = code >> NUMBER_BITS
        said = self._sentences.of(self._judged.text_point(one.place, place))
        if place in WITH_WORDS:
            self._of_words[code, one.has] = said
            return said
        return self._sentences.keep(code, said)

    def _of_terms(self, one: Entry, terms: tuple[int, ...]) -> list[str]:
        """The sentences about these terms and about the rules that are not met, in this order."""
        known, kind = self._known, (terms, one.failing, one.unknown)
        if kind not in known.reads:
            known.reads[kind] = self._reads(one, terms)
        reads = known.reads[kind]
        if reads is None:
            return self._asked(one, terms)
        key = (kind, self._judged.terms_read(one.place, reads)) if reads else kind
        found = known.sentences.get(key)
        if found is None:
            found = known.sentences[key] = self._asked(one, terms)
        return found

    def _asked(self, one: Entry, terms: Sequence[int]) -> list[str]:
        opened = self._judged.opened(one)
        places = [code >> NUMBER_BITS for code in terms]
        rules = {_RULE_OF[place] for place in places} | {rule.code for rule, _ in opened}
        assessment = self._judged.told_by(one.place, rules)
        points = {point.code: point for point in fit_points(assessment)} if terms else {}
        verdicts = {verdict.rule: verdict for verdict in assessment.verdicts}
        of = self._sentences.of
        return [of(points[CODES[place]]) for place in places] + [
            of(verdicts[rule.code]) for rule, _ in opened
        ]

    def _reads(self, one: Entry, terms: Sequence[int]) -> Columns | None:
        """Of which columns of the offer all that depends; None where it is that of this one."""
        reads = [_TERM_READS.get(code >> NUMBER_BITS) for code in terms]
        reads += [_RULE_READS.get((rule.check, fails)) for rule, fails in self._judged.opened(one)]
        found: set[int] = set()
        for columns in reads:
            if columns is None:
                return None
            found.update(columns)
        return tuple(sorted(found)) if self._judged.is_of_one_place else None

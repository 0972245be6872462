"""The reasons of a listed offer, made of no more than what is shown of it.

What speaks for it are numbers of the comparisons; what the terms say is asked of the rules, for the
first offer that says so: many offers say the same in the few columns that a sentence depends on.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

from marketplace.matching.columns import LEAD, LIFE, MAKE, MIN_ORDER, ORIGIN, PAPERS, UNIT
from marketplace.matching.fitness import PARTS, fit_points
from marketplace.matching.judging import CODES, Judgement, Opened, Told
from marketplace.matching.offers import Need
from marketplace.matching.scoring import WITH_WORDS
from marketplace.matching.sentences import Sentences
from marketplace.matching.terms import Terms

# Needs that ask different things, and sentences about the terms of one of them.
_MOST_NEEDS, _MOST_SAID = 64, 1024
Columns = tuple[int, ...]

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


Said = dict[Hashable, str]


class Alike:
    """What was said of terms to needs that ask the same, whatever words they ask it in."""

    def __init__(self) -> None:
        self._kept: tuple[Terms | None, dict[Need, Said]] = None, {}

    def of(self, judged: Judgement) -> Said:
        """The sentences said to such a need under the same world, of the same catalogue."""
        terms, kept = self._kept
        if terms is not judged.terms:
            kept = {}
            self._kept = judged.terms, kept
        need = replace(judged.need, id="", title="", description="", brand="")
        found = kept.get(need)
        if found is None or len(found) >= _MOST_SAID:
            if len(kept) >= _MOST_NEEDS:
                kept.clear()
            found = kept[need] = {}
        return found


class Brief:
    """What is said of the best offers of one need. They are eligible and `certain`."""

    def __init__(self, judged: Judgement, sentences: Sentences, known: Said) -> None:
        self._judged = judged
        self._sentences = sentences
        self._known = known
        self._said: dict[tuple[int, int, bytes], str] = {}

    def reasons(self, index: int, earned: Told, cost: Told, opened: Opened) -> Iterator[str]:
        """A sentence for each of these comparisons, then those of the rules that are not met."""
        terms = [place for place, _, _ in earned if place in _RULE_OF]
        of_terms = iter(self._of_terms(index, terms, opened) if terms or opened else ())
        kept = self._sentences.kept
        has = None
        for place, points, number in (*earned, *cost):
            if place in _RULE_OF:
                yield next(of_terms)
                continue
            if place in WITH_WORDS:
                has = has or self._judged.has(index)
                words = place, number, has
                said = self._said.get(words)
                if said is None:
                    said = self._said[words] = self._of_words(index, place, points)
            else:
                said = kept((place, number))
                if said is None:
                    told = self._of_words(index, place, points)
                    said = self._sentences.keep((place, number), told)
            yield said
        yield from of_terms

    def _of_words(self, index: int, place: int, points: int) -> str:
        return self._sentences.of(self._judged.text_point(index, place, points))

    def _of_terms(self, index: int, terms: Sequence[int], opened: Opened) -> list[str]:
        """The sentences about these terms and rules, in this order."""
        keys = [self._key(index, place, _TERM_READS.get(place)) for place in terms]
        keys += [
            self._key(index, (rule.code, fails), _RULE_READS.get((rule.check, fails)))
            for rule, fails in opened
        ]
        found = [self._known.get(key) if key is not None else None for key in keys]
        if None in found:
            found = list(self._asked(index, terms, opened))
            for key, said in zip(keys, found, strict=True):
                if key is not None and said is not None:
                    self._known[key] = said
        return [said for said in found if said is not None]

    def _asked(self, index: int, terms: Sequence[int], opened: Opened) -> Iterator[str]:
        codes = {_RULE_OF[place] for place in terms} | {rule.code for rule, _ in opened}
        assessment = self._judged.told_by(index, codes)
        if terms:
            points = {point.code: point for point in fit_points(assessment)}
            for place in terms:
                yield self._sentences.of(points[CODES[place]])
        verdicts = {verdict.rule: verdict for verdict in assessment.verdicts}
        for rule, _ in opened:
            yield self._sentences.of(verdicts[rule.code])

    def _key(self, index: int, name: Hashable, columns: Columns | None) -> Hashable:
        """What the sentence depends on; None where it is that of this offer alone."""
        if columns is None or not self._judged.is_of_one_place:
            return None
        return (name, *self._judged.terms_read(index, columns)) if columns else name

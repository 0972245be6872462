"""What was tried and is not in the engine: comparisons it could have, and what each would add.

They are worked out here in plain Python, beside the tables; the order is fitted again with them, in
the same folds as everything else. None is adopted that does not hold on needs it was not fitted on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import chain, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy.sparse import csr_matrix

from bench.company import Company, Said, learned, main_direction, unit
from bench.fit import Fitted, fit_order
from bench.measures import order_values
from bench.packs import SIGNS, Floats
from bench.samples import FOLDS, Sample
from bench.sets import Task, rows_of
from bench.tables import VOCABULARY, Table
from marketplace.matching.scoring import POINTS_PER_LOGIT
from marketplace.matching.store import TRIGRAMS, trigrams_of
from marketplace.matching.text import MODELS, class_of, normalise

Pairs = Mapping[str, set[str]]
_SUFFIXES = ("kannya", "annya", "nya", "kan", "ing", "an", "ed", "er", "i")
_PREFIXES = (
    "meny", "peny", "meng", "peng", "mem", "men", "pem", "pen", "ber", "ter", "per",
    "me", "di", "se", "ke", "pe",
)  # fmt: skip
_ROOT, _NEAR, _NEAR_FROM = 4, 0.8, 5
_GOOD, _FIRST, _MIDDLE = 30, 3, 5


class Texts:
    """The titles and descriptions of a set as words, and what it takes to compare them."""

    def __init__(self, task: Task) -> None:
        self._offers = {offer.id: offer for offer in task.offers}
        self._needs = {need.id: need for need in task.needs}
        self.titles = {one: _words(offer.title) for one, offer in self._offers.items()}
        self.sets = {one: frozenset(title) for one, title in self.titles.items()}
        self.neighbours = {one: frozenset(pairwise(title)) for one, title in self.titles.items()}
        counts = Counter(word for title in self.sets.values() for word in title)
        self._idf = {word: log((len(self.titles) + 1) / (n + 0.5)) for word, n in counts.items()}
        self._most = max(self._idf.values())
        self._place = {one: place for place, one in enumerate(self.titles)}
        self._letters = _letters(self.titles.values())
        self._bodies: dict[str, frozenset[str]] = {}

    def need(self, table: Table) -> list[str]:
        return list(dict.fromkeys(_words(self._needs[table.need].title)))

    def idf(self, word: str) -> float:
        return self._idf.get(word, self._most)

    def body(self, offer: str) -> frozenset[str]:
        known = self._bodies.get(offer)
        if known is None:
            known = self._bodies[offer] = frozenset(_words(self._offers[offer].description))
        return known

    def said(self) -> list[Said]:
        """Titles and descriptions, word by word."""
        return [(self.titles[one], _words(told.description)) for one, told in self._offers.items()]

    def middles(self, company: Company) -> Floats:
        """Of every offer the middle of its title and description by the company words keep."""
        rarity = defaultdict(lambda: self._most, self._idf)
        titles, bodies = zip(*self.said(), strict=True)
        both: Floats = company.middles(titles, rarity) + company.middles(bodies, rarity)
        return both

    def letters(self, table: Table) -> csr_matrix:
        """Candidates x trigrams, each row of length 1."""
        return self._letters[[self._place[one] for one in table.ids]]


class Kinds:
    """What kind of goods the offers of a set are, told by the company their words keep."""

    def __init__(self, texts: Texts, company: Company) -> None:
        self._texts = texts
        self._company = company
        middles = texts.middles(company)
        self._common = main_direction(unit(middles))
        self._offers = dict(zip(texts.titles, self._own(middles), strict=True))

    def like(self, look: "Look") -> Floats:
        """How near each candidate is in kind, where something is searched for.

        A single word keeps no company: it says nothing. Whole titles say enough without.
        """
        asked = look.asked
        if len(asked) < 2:
            return np.zeros(len(look.titles))
        rarity = {word: self._texts.idf(word) for word in asked}
        (wanted,) = self._own(self._company.middles([asked], rarity))
        near = np.array([self._offers[one] for one in look.table.ids]) @ wanted
        counts = (1 - 1 / len(asked)) * (1 - look.table.likeness)
        return np.asarray(np.maximum(near, 0.0) * counts)

    def _own(self, middles: Floats) -> Floats:
        """Without what all goods have in common."""
        return unit(middles - np.outer(middles @ self._common, self._common))


class Look:
    """One need and its candidates, as a comparison sees them.

    `fitted` and `pairs` were learned without this need; `kinds` from texts alone, those of this
    set and those of all sets.
    """

    def __init__(
        self, texts: Texts, table: Table, fitted: Fitted, pairs: Pairs, kinds: tuple[Kinds, Kinds]
    ) -> None:
        self.texts = texts
        self.table = table
        self.pairs = pairs
        self.kinds = kinds
        self.asked = texts.need(table)
        self.titles = [texts.sets[one] for one in table.ids]
        self._fitted = fitted

    @property
    def neighbours(self) -> list[frozenset[tuple[str, str]]]:
        return [self.texts.neighbours[one] for one in self.table.ids]

    @cached_property
    def best(self) -> NDArray[np.int64]:
        """The best by the model as it is, best first."""
        points = points_by(self.table, self._fitted.order)[: self.table.field]
        return np.argsort(-points, kind="stable")[:_GOOD]

    def share(self, has: Callable[[str, int], bool]) -> Floats:
        """The share of the need's words, by rarity, that each candidate `has` in some way."""
        idf = {word: self.texts.idf(word) for word in self.asked}
        total = sum(idf.values()) or 1.0
        return np.array(
            [
                sum(rarity for word, rarity in idf.items() if has(word, place)) / total
                for place in range(len(self.titles))
            ]
        )


def points_by(table: Table, order: Floats) -> Floats:
    """Points under weights that may be of more comparisons than the engine has."""
    blend = order[0] * (1 - table.likeness) + order[1] * table.likeness
    return np.asarray(np.rint(table.matrix * blend * POINTS_PER_LOGIT).sum(1))


def _words(text: str) -> list[str]:
    return normalise(text, VOCABULARY)


def _letters(titles: Iterable[Sequence[str]]) -> csr_matrix:
    grams = [trigrams_of(" ".join(title)) for title in titles]
    sizes = list(map(len, grams))
    columns = np.concatenate(grams).astype(np.int64)
    counts = np.bincount(columns, minlength=TRIGRAMS)
    rarity = np.maximum(np.log((len(grams) + 1) / (counts + 0.5)), 0.0)
    rows = np.repeat(np.arange(len(grams)), sizes)
    values = rarity[columns]
    lengths = np.sqrt(np.bincount(rows, values**2, len(grams)))
    values = values / np.maximum(lengths[rows], 1e-9)
    return csr_matrix((values, (rows, columns)), shape=(len(grams), TRIGRAMS))


def _in_other_words(look: Look, alike: Callable[[str], Iterable[str]]) -> Floats:
    """Words of the need that the title has only in another form."""
    forms = {word: frozenset(alike(word)) for word in look.asked}

    def has(word: str, place: int) -> bool:
        title = look.titles[place]
        return word not in title and not forms[word].isdisjoint(title)

    return look.share(has)


def _stems(look: Look) -> Floats:
    roots = [set(map(stem, title)) for title in look.titles]
    return look.share(
        lambda word, place: word not in look.titles[place] and stem(word) in roots[place]
    )


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A root as stemmers find it; words of the trade are kept whole."""
    if not word.isalpha() or word in VOCABULARY.known:
        return word
    for end in _SUFFIXES:
        if word.endswith(end) and len(word) - len(end) >= _ROOT:
            word = word.removesuffix(end)
            break
    for begin in _PREFIXES:
        if word.startswith(begin) and len(word) - len(begin) >= _ROOT:
            return word.removeprefix(begin)
    return word


def _near(look: Look) -> Floats:
    asked = [word for word in look.asked if word.isalpha() and len(word) >= _NEAR_FROM]
    there = frozenset().union(*look.titles)
    others = sorted(word for word in there if word.isalpha() and len(word) >= _NEAR_FROM)
    if not asked or not others:
        return np.zeros(len(look.titles))
    like = process.cdist(asked, others, scorer=OSA.normalized_similarity, score_cutoff=_NEAR)
    found = {
        word: [others[at] for at in np.flatnonzero(line)]
        for word, line in zip(asked, like, strict=True)
    }
    return _in_other_words(look, lambda word: found.get(word, ()))


def _written_apart(look: Look) -> Floats:
    """`twotone` where the title says `two tone`."""
    joined = [{one + two for one, two in pairs} for pairs in look.neighbours]
    return look.share(lambda word, place: word in joined[place])


def _word_pairs(look: Look) -> Floats:
    """Neighbours of the need that are neighbours in the title."""
    wanted = set(pairwise(look.asked))
    return np.array([len(wanted & pairs) / max(len(wanted), 1) for pairs in look.neighbours])


def _first_word(look: Look) -> Floats:
    first = look.asked[:1]
    return np.array([float(look.texts.titles[one][:1] == first) for one in look.table.ids])


def _told_only(look: Look) -> Floats:
    bodies = [look.texts.body(one) for one in look.table.ids]
    return look.share(lambda word, place: word in bodies[place] and word not in look.titles[place])


def _models_told(look: Look) -> Floats:
    models = {word for word in look.asked if class_of(word) in MODELS}
    bodies = map(look.texts.body, look.table.ids)
    return np.array([float(not models.isdisjoint(body)) for body in bodies])


def _second_look(look: Look) -> Floats:
    """Closeness to the middle of the best five by the model instead of the best eight by words."""
    letters = look.texts.letters(look.table)
    middle = np.asarray(letters[look.best[:_MIDDLE]].sum(0)).ravel()
    near: Floats = letters @ middle / max(float(np.linalg.norm(middle)), 1e-9)
    return near


def _merged(look: Look) -> Floats:
    """How much one is like a better one of the first three: what matches a match is one."""
    letters = look.texts.letters(look.table)
    like = (letters @ letters[look.best[:_FIRST]].T).toarray()
    rank = np.full(len(like), len(like))
    rank[look.best] = np.arange(len(look.best))
    better = rank[:, None] > np.arange(like.shape[1])
    return np.asarray(np.where(better, like, 0.0).max(1, initial=0.0))


@cache
def _thesaurus() -> Pairs:
    found = defaultdict(set)
    for row in rows_of("id_lexicon/thesaurus_id.csv.gz"):
        head, terms = row["headword"], row["terms"].replace("|", "/").split("/")
        for term in terms if row["tag"] != "ant" else ():
            found[head].add(term)
            found[term].add(head)
    return found


@cache
def _informal() -> Pairs:
    found = defaultdict(set)
    for row in rows_of("id_informal/informal_formal_dictionary.csv"):
        found[row["informal"]].add(row["formal"])
        found[row["formal"]].add(row["informal"])
    return found


def learned_pairs(sample: Sample, fold: int, least: int = 3) -> Pairs:
    """Words that stand for each other in titles of one thing, from the groups of other folds."""
    groups = defaultdict(list)
    for need in sample.task.needs:
        if sample.task.fold(need, FOLDS) != fold:
            groups[sample.task.group[need.id]].append(frozenset(_words(need.title)))
    seen: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for titles in groups.values():
        seen.update(frozenset().union(*titles))
        both.update(
            {
                (one, two)
                for first in titles[:8]
                for second in titles[:8]
                for one in first - second
                for two in second - first
            }
        )
    found = defaultdict(set)
    for (one, two), count in both.items():
        if count >= least and count >= 0.25 * min(seen[one], seen[two]):
            found[one].add(two)
    return found


IDEAS: Mapping[str, Callable[[Look], Floats]] = {
    "stems, words of the trade kept whole": _stems,
    "nearly the same spelling": _near,
    "synonyms of a thesaurus": lambda look: _in_other_words(
        look, lambda word: _thesaurus().get(word, ())
    ),
    "informal words of a dictionary": lambda look: _in_other_words(
        look, lambda word: _informal().get(word, ())
    ),
    "words learned to stand for each other": lambda look: _in_other_words(
        look, lambda word: look.pairs.get(word, ())
    ),
    "two words written as one": _written_apart,
    "neighbouring words": _word_pairs,
    "the first word": _first_word,
    "words of the description alone": _told_only,
    "models named in the description": _models_told,
    "closeness to the best five by the model": _second_look,
    "what matches a match": _merged,
    "kind of goods, by company of words": lambda look: look.kinds[0].like(look),
    "the same, company learned of all sets": lambda look: look.kinds[1].like(look),
}


def rows(taken: Sequence[Sample], fits: Sequence[Fitted]) -> Iterator[dict[str, str | float]]:
    """Every idea on every set: the measures of the order that was fitted with it."""
    teaching = [one for one in taken if one.task.teaches]
    (grouped,) = (one for one in teaching if one.task.group)
    pairs = [learned_pairs(grouped, fold) for fold in range(len(fits))]
    texts = [Texts(one.task) for one in teaching]
    of_all = learned(chain.from_iterable(one.said() for one in texts))
    looks = {}
    for one, told in zip(teaching, texts, strict=True):
        kinds = Kinds(told, learned(told.said())), Kinds(told, of_all)
        looks[one.task.name] = [
            _looked(one, told, tables, fits, pairs, kinds) for tables in (one.weights, one.measured)
        ]
    for name, idea in IDEAS.items():
        wider = {where: [_wider(some, idea) for some in both] for where, both in looks.items()}
        values: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for fold in range(len(fits)):
            tables = {one.task.name: one.outside(wider[one.task.name][0], fold) for one in teaching}
            signs = np.append(SIGNS, 1.0)
            order = fit_order(tables, np.ones(len(signs), np.bool_), signs)
            for one in teaching:
                for table in one.inside(wider[one.task.name][1], fold):
                    best = np.lexsort((np.array(table.ids), -points_by(table, order)))
                    for measure, value in order_values(one.task, table, best):
                        values[one.task.name, measure].append(value)
        for (where, measure), some in values.items():
            yield {"set": where, "part": name, "measure": measure, "value": float(np.mean(some))}


def _looked(
    one: Sample,
    texts: Texts,
    tables: Sequence[Table],
    fits: Sequence[Fitted],
    pairs: Sequence[Pairs],
    kinds: tuple[Kinds, Kinds],
) -> list[Look]:
    """The tables as those see them who learned without their fold."""
    found = []
    for fold, fitted in enumerate(fits):
        for table in one.inside(tables, fold):
            found.append(Look(texts, fitted.told(table), fitted, pairs[fold], kinds))
    return found


def _wider(looks: Sequence[Look], idea: Callable[[Look], Floats]) -> list[Table]:
    """With one more comparison."""
    return [
        replace(
            look.table,
            matrix=np.column_stack([look.table.matrix, idea(look)]).astype(np.float32),
        )
        for look in looks
    ]

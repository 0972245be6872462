"""The engine: which offers fit this need, which needs fit this offer, and why.

Same input, same answer: no clock, no database, nothing outside is changed. The engine keeps the
texts of what it was loaded with; facts and settings are handed in and frozen.
"""

from collections.abc import Hashable, Iterable
from pathlib import Path

import numpy as np

from marketplace.matching import snapshot
from marketplace.matching.batch import Batch, batches
from marketplace.matching.candidates import Asking, Candidates, Reach, gather
from marketplace.matching.case import Case, Memory, Question
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.eligibility import assess
from marketplace.matching.funnel import funnel_of
from marketplace.matching.judging import Judgement, Put, Wanted, pairing_of, put_to
from marketplace.matching.masks import Masks
from marketplace.matching.offers import Need, Offer
from marketplace.matching.outcome import Measured, Pairing, Ranking
from marketplace.matching.search import NO_FILTERS, Filters
from marketplace.matching.settings import DEFAULT_SETTINGS, Settings
from marketplace.matching.terms import Terms
from marketplace.matching.world import World

_REVERSE_CANDIDATES = 60
_MOST_ASKED = 128


class Engine:
    """Ranks, judges and searches what was loaded.

    Reads may run in several threads at once; a write shuts out other writes, not reads.
    """

    def __init__(
        self,
        world: World,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self.world = world
        self.settings = settings
        self._offers = Catalogue(world)
        self._needs: dict[str, Need] = {}
        self._need_texts = Catalogue(world)
        self._look_up_anew()

    def save(self, directory: Path) -> None:
        """Write everything into a directory, from which `open` goes on; see `snapshot.py`."""
        parts = (self._offers.state(), self._needs, self._need_texts.state())
        snapshot.save(directory, parts, self.world.words_version)

    @classmethod
    def open(cls, directory: Path, world: World, settings: Settings = DEFAULT_SETTINGS) -> "Engine":
        """What was saved, mapped into memory; raises DamagedSnapshot where it cannot be used."""
        offers, needs, need_texts = snapshot.load(directory, world.words_version)
        made = cls(world, settings)
        made._offers = Catalogue.restored(world, offers)
        made._needs, made._need_texts = needs, Catalogue.restored(world, need_texts)
        made._look_up_anew()
        return made

    def load(self, offers: Iterable[Offer]) -> None:
        """Forget what was loaded and take these offers; a repeated id keeps the last one."""
        self.load_batches(batches(offers))

    def load_batches(self, found: Iterable[Batch]) -> None:
        """`load` for offers that come in columns."""
        catalogue = Catalogue(self.world)
        catalogue.add_batches(found)
        self._offers = catalogue
        self._look_up_anew()

    def load_needs(self, needs: Iterable[Need]) -> None:
        """The needs that `rank_needs` answers with."""
        self._needs = {need.id: need for need in needs}
        self._need_texts = Catalogue(self.world)
        self._need_texts.add_all(_dressed(need) for need in self._needs.values())

    def upsert(self, offer: Offer) -> None:
        """Add or replace one offer: the next question finds it."""
        self._offers.add_all([offer])

    def withdraw(self, offer_id: str) -> None:
        """The offer never appears again; an unknown id is no error."""
        self._offers.remove(offer_id)

    def upsert_need(self, need: Need) -> None:
        """Add or replace one need."""
        self._needs[need.id] = need
        self._need_texts.add_all([_dressed(need)])

    def withdraw_need(self, need_id: str) -> None:
        """The need never appears again; an unknown id is no error."""
        self._needs.pop(need_id, None)
        self._need_texts.remove(need_id)

    def renew(self, world: World) -> None:
        """Go on with new facts (a new day, a new tariff); texts are read anew if words changed."""
        before, self.world = self.world, world
        self._look_up_anew()
        if (world.vocabulary, world.categories) != (before.vocabulary, before.categories):
            self.load(list(self._offers))
            self.load_needs(list(self._needs.values()))

    def _look_up_anew(self) -> None:
        """Forget what the rules were found to say of the columns: they or the columns changed."""
        self._terms = Terms(self._offers.columns, self.world, self.settings)
        self._masks = Masks(self._offers.columns, self._terms)
        self._memory: Memory = {}
        self._asked: dict[Hashable, tuple[tuple[int, int], Asking]] = {}

    def _question(self, need: Need) -> Question:
        return Question(need, self.world, self.settings, self._memory)

    def __len__(self) -> int:
        return len(self._offers)

    def rank(self, need: Need, top: int = 10, explain: bool = False) -> Ranking:
        """Eligible pairings best first; with `explain` also near misses and the funnel.

        The first `settings.collect` candidates are ordered by score, ties by id; a longer list
        goes on in the order in which the index found them.
        """
        judged = self.judged(need, top, wide=explain)
        return self.ranking(judged, explain) if judged else Ranking()

    def judged(
        self, need: Need, top: int = 10, *, wide: bool = False, told: int = 0
    ) -> Judgement | None:
        """The candidates of a need as numbers; None where no word of it occurs.

        `wide` is for telling who was excluded: then offers of other branches are among them.
        `told` is how many comparisons a list tells of each of the best `top`.
        """
        return self.put(need, top, wide=wide, told=told).judged()

    def put(self, need: Need, top: int = 10, *, wide: bool = False, told: int = 0) -> Put:
        """The first half of `judged`: who has many needs puts some, and then judges them."""
        question = self._question(need)
        return put_to(
            self._offers,
            self._terms,
            question,
            self._asking(question),
            Reach(wide, limit=top),
            Wanted(top, told),
        )

    def ranking(self, judged: Judgement, explain: bool = False) -> Ranking:
        """What `rank` answers, of what was `judged`."""
        pairings = tuple(map(judged.pairing, judged.best))
        if not explain:
            return Ranking(pairings, candidates=judged.candidates)
        missed = tuple(map(judged.pairing, judged.nearest_misses(self.settings.near_misses)))
        return Ranking(pairings, missed, judged.funnel(), judged.candidates)

    def judge(self, offer: Offer, need: Need, measured: Measured | None = None) -> Pairing:
        """One pair, all rules, all points: the same as `rank` says of it, loaded or not.

        With what its texts were `measured` to be on another day, text points and confidence are
        those of that day, whoever competes by now.
        """
        question = self._question(need)
        row = self._offers.row_of(offer)
        found = self._gather(question, also=row)
        assert found is not None  # the row asked for is always among them
        index = found.rows.tolist().index(row)
        if measured is not None:
            found = found.as_measured(index, measured)
        return pairing_of(found, index, assess(Case(offer, question)))

    def rank_needs(self, offer: Offer, top: int = 10, explain: bool = False) -> Ranking:
        """The other direction: the needs this offer fits, judged exactly as `rank` judges them."""
        needs = self._needs_like(offer)
        asked = needs if explain else [need for need in needs if self._may_fit(offer, need)]
        judged = sorted(
            (self.judge(offer, need) for need in asked),
            key=lambda pairing: (-pairing.score, pairing.need_id),
        )
        fitting = tuple(pairing for pairing in judged if pairing.eligible)[:top]
        if not explain:
            return Ranking(fitting, candidates=len(needs))
        relevant = [one for one in judged if one.confidence >= self.settings.relevant_threshold]
        missed = sorted(
            (pairing for pairing in relevant if not pairing.eligible),
            key=lambda pairing: len(pairing.blocking),
        )
        funnel = funnel_of(
            (pairing.need_id, [verdict.rule for verdict in pairing.blocking])
            for pairing in relevant
        )
        return Ranking(fitting, tuple(missed[: self.settings.near_misses]), funnel, len(judged))

    def missed(self, need: Need) -> list[Pairing]:
        """All relevant candidates of a need that a rule excludes, those missing least first."""
        judged = self.judged(need, wide=True)
        if judged is None:
            return []
        return [judged.pairing(index) for index in judged.nearest_misses(judged.candidates)]

    def missed_needs(self, offer: Offer) -> list[Pairing]:
        """The other direction: all needs like this offer that a rule excludes it from."""
        judged = (self.judge(offer, need) for need in self._needs_like(offer))
        least = self.settings.relevant_threshold
        return [one for one in judged if not one.eligible and one.confidence >= least]

    def _needs_like(self, offer: Offer) -> list[Need]:
        like = Need(offer.id, offer.title, brand=offer.brand)
        query = self._need_texts.query(like)
        rows = self._need_texts.collect(query, _REVERSE_CANDIDATES)
        return [self._needs[self._need_texts.offer_at(int(row)).id] for row in rows]

    def search(
        self, text: str, top: int = 20, filters: Filters = NO_FILTERS
    ) -> list[tuple[str, int]]:
        """Search by words, with typos and local names: (offer id, score), best first."""
        need = Need("", text, category=filters.category)
        found = self._gather(self._question(need), limit=top)
        if found is None:
            return []
        hits = []
        for index in (*found.order(), *found.beyond()):
            offer = self._offers.offer_at(int(found.rows[index]))
            if filters.accept(offer, self.world):
                hits.append((offer.id, int(found.text_scores[index])))
        return hits[:top]

    def suggest_terms(self, prefix: str, top: int = 8) -> list[str]:
        """Words of the catalogue that begin so, the commonest first; else the nearest spellings."""
        return self._offers.suggest(prefix, top)

    def _gather(
        self, question: Question, *, limit: int = 0, also: int | None = None
    ) -> Candidates | None:
        asking, reach = self._asking(question), Reach(limit=limit, also=also)
        return gather(self._offers, question.need, self.settings, asking, reach)

    def _asking(self, question: Question) -> Asking:
        """Worked out once for all needs that ask the same, as long as nothing changes."""
        # Looked at before the work: what changes meanwhile is seen the next time.
        state, kept = (len(self._offers.columns), self._terms.turn), self._asked.get(question.asks)
        if kept is not None and kept[0] == state:
            return kept[1]
        rules = self._terms.lent(question)
        found = Asking(self._masks.of_branch(question), self._masks.of(question), rules)
        if len(self._asked) >= _MOST_ASKED:
            self._asked.clear()
        self._asked[question.asks] = state, found
        return found

    def _may_fit(self, offer: Offer, need: Need) -> bool:
        """False where the terms exclude the pair: its texts need not be compared then."""
        question = self._question(need)
        judged = self._terms.judge(question, np.array([self._offers.row_of(offer)]))
        return not judged.excluded[0]


def _dressed(need: Need) -> Offer:
    """A need's text in an offer's clothes, for the index of the other direction."""
    return Offer(need.id, need.title, brand=need.brand, category=need.category, pack=need.pack)

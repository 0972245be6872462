"""Find entries that may be one business: by NIB, by phone, and by name with the engine itself."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Business
from marketplace.core.clock import now, today
from marketplace.core.names import likeness, name_keys, spelt_name
from marketplace.infra.db import session
from marketplace.infra.jobs import count_waiting, enqueue
from marketplace.matching import DEFAULT_VOCABULARY, Engine, Need, Offer, World
from marketplace.register import queries, rules
from marketplace.register.models import BusinessTwin
from marketplace.register.rules import Entry, Ground, Likeness, TwinState

_NEAREST = 6
_MANY = 100  # waiting jobs
_MOST_NAMED = 200  # of one name in one place: more is no name any more

Found = tuple[int, int, Ground, float]


def schedule_for_business(business_id: int) -> None:
    """An entry came or changed: look for others like it, once for a whole import."""
    if count_waiting("find-twins", _MANY) >= _MANY:
        enqueue("find-all-twins", key="find-all-twins")
        return
    enqueue("find-twins", {"business_id": business_id}, key=f"find-twins-{business_id}")


def likeness_of(business: Business) -> list[Likeness]:
    """The entries that may be the same as this one, without reading the whole register."""
    near = queries.list_entries_near(business, rules.telling_words(business.name))
    own = _entry_of(business)
    numbered = queries.list_entries_numbered({business.phone}, own.nibs)
    found = [
        *_alike(near, [own]),
        *_spelt_alike([own, *near]),
        *_same_numbers([own, *numbered]),
    ]
    return [
        each for each in rules.gather_likeness(found) if business.id in {each.first, each.second}
    ]


def _entry_of(business: Business) -> Entry:
    nibs = {paper.number for paper in businesses.papers_of(business.id) if paper.kind == "nib"}
    return Entry(
        id=business.id,
        kind=business.kind.value,
        name=business.name,
        region=business.region_code,
        phone=business.phone,
        nibs=frozenset(nibs | ({business.nib} if business.nib else set())),
    )


def all_likeness(progress: Callable[[int, int], None]) -> list[Likeness]:
    """Every pair of the register that may be one; place by place, so that memory stays small."""
    places = queries.list_places()
    found: list[Found] = []
    for done, (kind, region) in enumerate(places, 1):
        entries = queries.list_entries(kind, region)
        found += _alike(entries, entries)
        found += _spelt_alike(entries)
        progress(done, len(places))
    numbered = queries.list_entries_numbered(
        queries.list_shared_phones(), queries.list_shared_nibs()
    )
    return rules.gather_likeness([*found, *_same_numbers(numbered)])


def _alike(entries: Sequence[Entry], asked: Sequence[Entry]) -> Iterator[Found]:
    """Pairs of alike names; the engine is given names dressed as goods, without what forms say.

    The direction in which it is surer counts: a short name is a part of the longer one.
    """
    others = {entry.id: entry for entry in entries}
    if len(others.keys() | {entry.id for entry in asked}) < 2:
        return
    engine = Engine(_world())
    engine.load(_dressed(entry) for entry in {**others, **{e.id: e for e in asked}}.values())
    for entry in asked:
        # Under its own id an entry is no rival of those like it.
        need = Need(id=str(entry.id), title=rules.bare_name(entry.name))
        for pairing in engine.rank(need, top=_NEAREST).pairings:
            other = int(pairing.offer_id)
            if other == entry.id:
                continue
            sure = pairing.confidence
            if sure < rules.ALIKE and other in others:
                back = Need(id=str(other), title=rules.bare_name(others[other].name))
                sure = max(sure, engine.judge(_dressed(entry), back).confidence)
            if sure >= rules.ALIKE:
                yield entry.id, other, Ground.NAME, sure


def _spelt_alike(entries: Sequence[Entry]) -> Iterator[Found]:
    """Pairs whose names are one name in two spellings; the entries lie in one place."""
    names = {entry.id: spelt_name(rules.bare_name(entry.name)) for entry in entries}
    under: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, words in names.items():
        for key in set(name_keys(words)):
            under[key].append(number)
    seen: set[tuple[int, int]] = set()
    for ids in under.values():
        for one, other in combinations(sorted(ids)[:_MOST_NAMED], 2):
            if (one, other) not in seen:
                seen.add((one, other))
                if alike := likeness(names[one], names[other]):
                    yield one, other, Ground.NAME, rules.SPELT_ALIKE * alike


def _dressed(entry: Entry) -> Offer:
    return Offer(id=str(entry.id), title=rules.bare_name(entry.name))


def _world() -> World:
    """A world without trade: names are compared, nothing is sold."""
    return World(
        today=today(),
        categories={},
        leg=lambda _origin, _destination: None,
        zone_of=lambda _code: "",
        vocabulary=DEFAULT_VOCABULARY,
    )


def _same_numbers(entries: Sequence[Entry]) -> Iterator[Found]:
    by_number: dict[tuple[str, Ground, str], set[int]] = defaultdict(set)
    for entry in entries:
        for nib in entry.nibs:
            by_number[entry.kind, Ground.NIB, nib].add(entry.id)
        if entry.phone:
            by_number[entry.kind, Ground.PHONE, entry.phone].add(entry.id)
    for (_kind, ground, _number), ids in by_number.items():
        if len(ids) > rules.MOST_ON_ONE_NUMBER and ground is Ground.PHONE:
            continue  # the number of a cooperative or of an officer who entered them all
        ordered = sorted(ids)
        for position, one in enumerate(ordered):
            for other in ordered[position + 1 :]:
                yield one, other, ground, 1.0


def store(found: Sequence[Likeness], *, about: int | None = None) -> int:
    """Keep what was found; pairs that are no longer alike go, answers given stay. Returns new ones.

    `about`: only pairs of this entry were looked for. Call inside a transaction.
    """
    ids = {each.first for each in found} | {each.second for each in found}
    known = {
        (twin.first_id, twin.second_id): twin
        for twin in (
            queries.twins_among({about}) if about is not None else queries.list_judged_or_open()
        )
    }
    alive = queries.living_ids(ids)
    added = 0
    named = set()
    for each in found:
        if each.first not in alive or each.second not in alive:
            continue  # joined while the search went on
        key = (each.first, each.second)
        named.add(key)
        twin = known.get(key)
        if twin is None:
            twin = BusinessTwin(first_id=each.first, second_id=each.second, state=TwinState.OPEN)
            session.add(twin)
            added += 1
        elif twin.state is not TwinState.OPEN:
            continue
        twin.grounds, twin.confidence = [ground.value for ground in each.grounds], each.confidence
        twin.found_at = now()
    for key, twin in known.items():
        if twin.state is TwinState.OPEN and key not in named:
            session.delete(twin)
    session.flush()
    return added

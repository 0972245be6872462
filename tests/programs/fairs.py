"""Bazaars for tests: three days that began the day before yesterday, with stalls and holders."""

from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.infra.transaction import transaction
from marketplace.programs.models import Program, TurnoverReport
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.rules import ProgramKind, ProgramLevel
from marketplace.programs.rules.bazaars import BazaarDraft, DayDraft, HolderDraft, numbered
from marketplace.programs.rules.turnover import ReportSource, TurnoverDraft
from marketplace.programs.services import bazaars, holders, turnover
from tests import factories


def actor_of(person: Person) -> Actor:
    from marketplace.businesses import queries as businesses

    producers, outlets = businesses.ids_of_person(person.id)
    return accounts.actor_of(
        accounts.get_person(person.id), producer_ids=producers, outlet_ids=outlets
    )


@dataclass
class Fair:
    """`days` are its open days; `holders` and `businesses` who takes part, in stall order."""

    id: int
    officer: Person
    days: list[date]
    holders: list[int]
    businesses: list[Business]

    @property
    def actor(self) -> Actor:
        return actor_of(self.officer)

    @property
    def program(self) -> Program:
        return queries.get_bazaar(self.id)


def draft(**given: object) -> BazaarDraft:
    first = today() - timedelta(days=2)
    values: dict[str, object] = {
        "kind": ProgramKind.BAZAAR,
        "title": "Bazar Uji",
        "level": ProgramLevel.PROVINCE,
        "organiser": "Dinas Uji",
        "region_code": factories.PANGKALPINANG,
        "place": "Alun-alun",
        "days": tuple(DayDraft(first + timedelta(days=n), 9 * 60, 21 * 60) for n in range(3)),
        "stalls": numbered(6),
        **given,
    }
    return BazaarDraft(**values)  # type: ignore[arg-type]


def make_fair(
    count: int = 3, *, officer: Person | None = None, opened: bool = True, **given: object
) -> Fair:
    """An open bazaar with `count` producers of the register, each at a stall."""
    officer = officer or factories.make_person("province")
    area = actor_of(officer).area
    place = area if "." in area else factories.PANGKALPINANG
    businesses = [factories.make_producer(region_code=place) for _ in range(count)]
    said = draft(**given)
    with transaction():
        program = bazaars.create_bazaar(actor=actor_of(officer), draft=said)
        holders.add_participants(
            actor=actor_of(officer),
            program_id=program.id,
            business_ids=[business.id for business in businesses],
        )
        holders.assign_in_order(actor=actor_of(officer), program_id=program.id)
        if opened:
            bazaars.open_bazaar(actor=actor_of(officer), bazaar_id=program.id)
    there = queries.holders_of(program.id)
    of_number = {business.id: business for business in businesses}
    return Fair(
        program.id,
        officer,
        [day.on for day in said.days if not day.is_shut],
        [holder.id for holder in there],
        [of_number[holder.business_id or 0] for holder in there],
    )


def add_walk_in(fair: Fair, name: str = "Bakso Uji", **given: object) -> int:
    values: dict[str, object] = {
        "name": name, "phone": "+6281399990001", "region_code": factories.PANGKALPINANG,
        "sells": "bakso", **given,
    }  # fmt: skip
    with transaction():
        holder = holders.add_walk_in(
            actor=fair.actor,
            program_id=fair.id,
            draft=HolderDraft(**values),  # type: ignore[arg-type]
        )
    return holder.id


def report(
    fair: Fair,
    holder_id: int,
    day: date,
    amount: int,
    *,
    actor: Actor | None = None,
    best: str = "",
    sure: bool = False,
    replaces: int | None = None,
) -> TurnoverReport:
    with transaction():
        return turnover.enter_turnover(
            actor=actor or fair.actor,
            holder_id=holder_id,
            day_on=day,
            draft=TurnoverDraft(amount, None, best),
            source=ReportSource.PAPER,
            sure_of=amount if sure else None,
            replaces=replaces,
        )

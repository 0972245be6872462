"""Who acts: a person, a person for a business, a signed link, or the system itself."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    PERSON = "person"
    LINK = "link"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, with everything a policy needs to decide.

    `area` is the region code an officer answers for: a province (`19`) or a kabupaten/kota
    (`19.71`); `other_provinces` are those with an office of their own, `other_offices` all
    offices of their trees. `producer_ids` and `outlet_ids` are the businesses the person belongs
    to; `acting_for` is the business in whose name this request is made, their own or, for an
    officer, one they help: it is recorded with every change.
    """

    kind: ActorKind
    person_id: int | None = None
    name: str = ""
    is_admin: bool = False
    is_province_officer: bool = False
    is_regency_officer: bool = False
    office_id: int | None = None
    area: str = ""
    other_provinces: frozenset[str] = frozenset()
    other_offices: frozenset[int] = frozenset()
    producer_ids: frozenset[int] = frozenset()
    outlet_ids: frozenset[int] = frozenset()
    acting_for: int | None = None
    acting_kind: str = ""  # `producer` or `outlet`: of the business acted for
    link_subject: str = ""
    locale: str = "id"

    @property
    def is_signed_in(self) -> bool:
        return self.kind is ActorKind.PERSON

    @property
    def is_officer(self) -> bool:
        return self.is_province_officer or self.is_regency_officer

    @property
    def business_ids(self) -> frozenset[int]:
        return self.producer_ids | self.outlet_ids

    def belongs_to(self, business_id: int) -> bool:
        """True for one's own businesses and for the one this session acts for.

        Whether a session may act for a business is judged when the actor is loaded (app.py).
        """
        return business_id in self.business_ids or business_id == self.acting_for

    def covers(self, region_code: str) -> bool:
        """True where this officer answers for the region: own kabupaten/kota, or own province.

        A province answers for outlets too, which lie where no office is (domain.md, offices), but
        not for what lies in another province that has an office of its own.
        """
        if self.is_admin:
            return True
        if self.is_province_officer:
            return region_code[:2] not in self.other_provinces
        return self.is_regency_officer and region_code == self.area

    def runs_office(self, office_id: int) -> bool:
        """True where this officer runs what that office holds: the own one, or under theirs."""
        if self.is_province_officer:
            return office_id not in self.other_offices
        return self.is_regency_officer and office_id == self.office_id

    @property
    def scope(self) -> str:
        """What lists of this officer are narrowed to (`infra.areas.lies_in`): "" for everything.

        A kabupaten/kota code; `!17` for a province beside another with an office; "-", which no
        area is, for whoever has none.
        """
        if self.is_province_officer:
            return "".join(f"!{code}" for code in sorted(self.other_provinces))
        return self.area or ("" if self.is_admin else "-")


ANONYMOUS = Actor(ActorKind.ANONYMOUS)
SYSTEM = Actor(ActorKind.SYSTEM, name="system")

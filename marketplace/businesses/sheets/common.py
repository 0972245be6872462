"""What tables of producers and of outlets have in common."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from marketplace.businesses import policies, services
from marketplace.businesses.models import Business
from marketplace.businesses.queries import tables
from marketplace.businesses.rules import BusinessKind, PaperKind, kbli_asked, read_number
from marketplace.businesses.services import BusinessDraft
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.identifiers import Kbli
from marketplace.core.kbli import kbli_of, kbli_text
from marketplace.core.phones import phone_of
from marketplace.core.sheet_kinds import Outcome, Problem, RowReader
from marketplace.core.text import N_, clean_text, fold
from marketplace.regions.rules import find_province, find_regency

NOT_YOUR_AREA = N_("This kabupaten/kota is not in your area: its own office registers it.")
OTHER_NIB = N_("This business is registered with another NIB. Check the number.")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """Businesses that are there already, by NIB and by folded name with region."""

    by_nib: Mapping[str, Business]
    by_name: Mapping[tuple[str, str], Business]

    def of(self, said: BusinessDraft) -> Business | None:
        """The business a row means: by its NIB, else by name and kabupaten/kota."""
        found = self.by_nib.get(said.nib) if said.nib else None
        return found or self.by_name.get((fold(said.name)[:200], said.region_code))


def look_up(kind: BusinessKind, drafts: Sequence[BusinessDraft]) -> Known:
    """The businesses these rows may mean, read at once."""
    wanted = {draft.name for draft in drafts} | {draft.nib for draft in drafts if draft.nib}
    found = {
        business.id: business
        for businesses in tables.find_named(kind, wanted).values()
        for business in businesses
    }.values()
    return Known(
        {business.nib: business for business in found if business.nib},
        {(business.folded_name, business.region_code): business for business in found},
    )


def read_phone(row: RowReader, column: str) -> str:
    phone = row.value(column, phone_of)
    return phone.e164 if phone is not None else ""


def read_nib(row: RowReader, column: str) -> str:
    """Thirteen digits, or "" where the cell is blank."""
    said = row.text(column, limit=40)
    if not said:
        return ""
    try:
        number = read_number(PaperKind.NIB, said, today())
    except InvalidInput as error:
        row.refuse(column, error.msgid, **error.params)
        return ""
    if number.first_block is not None:
        row.refuse(column, number.first_block.msgid, **dict(number.first_block.params))
        return ""
    return number.normalised


def read_kbli(row: RowReader, column: str) -> tuple[Kbli, ...] | None:
    """The lines of business, or None where the cell is blank and says nothing."""
    codes: tuple[Kbli, ...] | None = row.value(column, kbli_of)
    return codes or None


def draft_of(business: Business) -> BusinessDraft:
    """What the register says; needs `business.kbli_codes` loaded."""
    return BusinessDraft(
        kind=business.kind,
        name=business.name,
        region_code=business.region_code,
        address=business.address,
        about=business.about,
        contact_name=business.contact_name,
        phone=business.phone,
        nib=business.nib or "",
        outlet_format=business.outlet_format,
        is_chain=business.is_chain,
        kbli=tuple(row.said for row in business.kbli_codes),
    )


def filled_up(said: BusinessDraft, known: BusinessDraft) -> BusinessDraft:
    """What is said, its gaps filled by what is known."""
    gaps = {
        each.name: getattr(known, each.name)
        for each in fields(said)
        if not getattr(said, each.name)
    }
    return replace(said, **gaps)


def register(actor: Actor, said: BusinessDraft, *, is_trial: bool) -> Business | None:
    """Register a business, or in a trial only see whether this actor may."""
    if not policies.may_register_there(actor, said.kind, said.region_code):
        raise InvalidInput(NOT_YOUR_AREA, fields={"region": NOT_YOUR_AREA})
    return None if is_trial else services.register_business(actor=actor, draft=said)


def change(actor: Actor, business: Business, said: BusinessDraft, *, is_trial: bool) -> bool:
    """Write what a row says differently; False where it says nothing new."""
    if not policies.may_edit(actor, business):
        raise InvalidInput(NOT_YOUR_AREA, fields={"region": NOT_YOUR_AREA})
    if said.nib and business.nib and said.nib != business.nib:
        raise InvalidInput(OTHER_NIB, fields={"nib": OTHER_NIB})
    before = draft_of(business)
    wanted = filled_up(said, before)
    if wanted == before:
        return False
    if not is_trial:
        services.change_business(
            actor=actor, business=business, draft=wanted, version=business.version
        )
    return True


def answered(act: Callable[[], Outcome]) -> Outcome | Problem:
    """What `act` did, or in words why it was refused."""
    try:
        return act()
    except InvalidInput as error:
        field, msgid = next(iter(error.fields.items()), ("", error.msgid))
        return Problem("region" if field == "region_code" else field, msgid, error.params)
    except DomainError as error:
        return Problem("", error.msgid, error.params)


def exported(actor: Actor, kind: BusinessKind, filters: Mapping[str, str]) -> Iterator[Business]:
    """The businesses whose every column this actor may read, in order of entry."""
    ids = None if actor.is_officer else actor.business_ids | {actor.acting_for or 0}
    area = _asked_area(filters.get("area", ""))
    if actor.is_regency_officer and not actor.is_province_officer:
        area = actor.area
    text = clean_text(filters.get("q", ""))[:200]
    kbli = kbli_asked(filters.get("kbli", ""))
    after = 0
    while found := tables.list_whole(
        kind, ids=ids, area=area, text=text, kbli=kbli, after=after, limit=_CHUNK
    ):
        yield from (each for each in found if policies.may_see_private(actor, each))
        after = found[-1].id


def kbli_cell(business: Business) -> str | None:
    return kbli_text(row.said for row in business.kbli_codes) or None


def _asked_area(said: str) -> str:
    """The code of the province or kabupaten/kota a list is narrowed to, "" for none."""
    place = clean_text(said)[:200]
    found = find_regency(place) or find_province(place) if place else None
    return found.code if found else ""

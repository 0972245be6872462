"""The register by NIB as a table, and a table of another system beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.businesses import policies as businesses
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.core.kbli import kbli_text
from marketplace.core.sheets import Cell, known_headers, match_headers
from marketplace.core.text import N_
from marketplace.infra.links import sign
from marketplace.infra.workbooks import read_sheet
from marketplace.regions.rules import regencies, region_name
from marketplace.reporting.queries import nib as queries
from marketplace.reporting.rules.filling import (
    COLUMNS,
    Difference,
    Field,
    Refused,
    RowProblem,
    Said,
    differences,
    read_rows,
)

PURPOSE = "nib-difference"
MOST_SHOWN = 200  # differences on one page: the next ones come with the file sent again
_KINDS = {Field.PIRT: PaperKind.PIRT, Field.MD: PaperKind.MD, Field.HALAL: PaperKind.HALAL}


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """`token` is what the officer's tick sends back: signed, so that nothing else can be sent."""

    difference: Difference
    ours: str
    theirs: str
    token: str


@dataclass(frozen=True, slots=True)
class BusinessShown:
    business: Business
    row: int
    restored: bool
    differences: Sequence[DifferenceShown]


@dataclass(frozen=True, slots=True)
class Compared:
    """`same` counts rows that say nothing new; `left` differences that found no place."""

    changed: Sequence[BusinessShown]
    refused: Sequence[Refused]
    same: int
    left: int


def table(actor: Actor) -> Iterator[list[Cell]]:
    """Every producer with a NIB the officer answers for, in the columns of `COLUMNS`."""
    for chunk in queries.producers_with_nib(actor.scope):
        for business in chunk:
            if businesses.is_of_office(actor, business):
                yield _row(business)


def _row(business: Business) -> list[Cell]:
    papers = {key: _counting(business, kind) for key, kind in _KINDS.items()}
    newest = {key: found[-1] if found else None for key, found in papers.items()}
    regency = regencies().get(business.region_code)
    cells: Mapping[str, Cell] = {
        "nib": business.nib,
        "name": business.name,
        "kemendagri": business.region_code,
        "bps": regency.bps_code if regency else "",
        "region": region_name(business.region_code),
        "address": business.address,
        "kbli": _kbli(business) or None,
        **{key.value: paper.number if paper else None for key, paper in newest.items()},
        **{f"{key}_to": paper.valid_to if paper else None for key, paper in newest.items()},
    }
    return [cells.get(column.key) for column in COLUMNS]


def _kbli(business: Business) -> str:
    return kbli_text(row.said for row in business.kbli_codes)


def _counting(business: Business, kind: PaperKind) -> list[Paper]:
    """Papers of a kind that are neither refused nor over."""
    return [
        paper
        for paper in business.papers
        if paper.kind is kind
        and paper.state in {PaperState.ENTERED, PaperState.VERIFIED}
        and (paper.valid_to is None or paper.valid_to >= today())
    ]


def compare(actor: Actor, data: bytes) -> Compared:
    """A table of another system beside the register; InvalidInput where it has no NIB at all."""
    sheet = read_sheet(data, is_known=known_headers(COLUMNS))
    match = match_headers(sheet.headers, COLUMNS)
    if "nib" not in match.found:
        raise InvalidInput(N_("The table has no column “NIB”."))
    said, refused = read_rows(sheet.rows, sheet.row_numbers, match)
    held = queries.by_nib({one.nib for one in said})
    changed: list[BusinessShown] = []
    same = shown = left = 0
    for one in said:
        business = held.get(one.nib)
        if business is None:
            refused.append(Refused(one.row, one.nib, RowProblem.UNKNOWN))
        elif not businesses.is_of_office(actor, business):
            refused.append(Refused(one.row, one.nib, RowProblem.ELSEWHERE))
        elif not (found := differences(one, _ours(business))):
            same += 1
        elif shown + len(found) > MOST_SHOWN:
            left += len(found)
        else:
            shown += len(found)
            changed.append(_shown(business, one, found))
    return Compared(changed, sorted(refused, key=lambda each: each.row), same, left)


def _ours(business: Business) -> dict[Field, list[str]]:
    return {
        Field.NAME: [business.name],
        Field.ADDRESS: [business.address] if business.address else [],
        Field.REGION: [business.region_code],
        Field.KBLI: [kbli] if (kbli := _kbli(business)) else [],
        **{
            key: [paper.number for paper in _counting(business, kind)]
            for key, kind in _KINDS.items()
        },
    }


def _shown(business: Business, said: Said, found: Sequence[Difference]) -> BusinessShown:
    return BusinessShown(
        business,
        said.row,
        said.restored,
        [
            DifferenceShown(
                one,
                region_name(one.ours) if one.field is Field.REGION else one.ours,
                region_name(one.theirs) if one.field is Field.REGION else one.theirs,
                _token(business, one),
            )
            for one in found
        ],
    )


def _token(business: Business, one: Difference) -> str:
    until = one.until.isoformat() if one.until else ""
    return sign(PURPOSE, [business.id, business.version, one.field.value, one.theirs, until])


def difference_of(payload: Sequence[object]) -> tuple[int, int, Difference]:
    """What a signed tick says: the business, its version then, and the change."""
    number, version, name, theirs, until = payload
    day = date.fromisoformat(str(until)) if until else None
    return int(str(number)), int(str(version)), Difference(Field(str(name)), "", str(theirs), day)

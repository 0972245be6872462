"""Writes that must win a race: measured pairings are replaced whole, a letter is written once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, tuple_, update

from marketplace.businesses.models import Paper
from marketplace.infra.bulk import add_first, add_missing
from marketplace.infra.db import session
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState
from marketplace.readiness.models import GapRow, MissedPairing, PaperNotice, UnsaidPaper

_BATCH = 200
_MEASURED = (MissedPairing, UnsaidPaper)

# Values of a pairing and of its gaps, as columns.
Measured = tuple[dict[str, Any], Sequence[dict[str, Any]]]


def forget_of_need(need_id: int) -> None:
    for table in _MEASURED:
        session.execute(delete(table).where(table.need_id == need_id))


def forget_of_product(product_id: int) -> None:
    for table in _MEASURED:
        session.execute(delete(table).where(table.product_id == product_id))


def forget_other_needs(open_ids: Collection[int]) -> None:
    """Rows of needs that are no longer open: their events were lost or their state was repaired."""
    for table in _MEASURED:
        stale = set(session.scalars(select(table.need_id).distinct())) - set(open_ids)
        numbers = sorted(stale)
        for at in range(0, len(numbers), _BATCH):
            batch = numbers[at : at + _BATCH]
            session.execute(delete(table).where(table.need_id.in_(batch)))


def keep_unsaid(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the papers nobody has spoken of; what another worker has just written stays his."""
    for at in range(0, len(rows), _BATCH):
        add_missing(UnsaidPaper, rows[at : at + _BATCH])


def keep(measured: Sequence[Measured]) -> None:
    """Write pairings with their gaps; one that another worker has just written stays his."""
    for at in range(0, len(measured), _BATCH):
        batch = measured[at : at + _BATCH]
        add_missing(MissedPairing, [pairing for pairing, _gaps in batch])
        numbers = _numbers([(row["product_id"], row["need_id"]) for row, _gaps in batch])
        add_missing(
            GapRow,
            [
                {**gap, "pairing_id": numbers[row["product_id"], row["need_id"]]}
                for row, gaps in batch
                for gap in gaps
                if (row["product_id"], row["need_id"]) in numbers
            ],
        )


def _numbers(pairs: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], int]:
    key = tuple_(MissedPairing.product_id, MissedPairing.need_id)
    rows = session.execute(
        select(MissedPairing.product_id, MissedPairing.need_id, MissedPairing.id).where(
            key.in_(pairs)
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


def follow_producer(business_id: int, to_code: str) -> None:
    """Letters not sent yet go into the tray of the kabupaten/kota the producer moved to."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.subject_type == PaperNotice.__tablename__,
            OutboxMessage.subject_id.in_(select(Paper.id).where(Paper.business_id == business_id)),
            OutboxMessage.state == MessageState.TO_SEND,
        )
        .values(area_code=to_code)
    )


def note_letter(paper_id: int, horizon: int) -> bool:
    """Mark that a letter about this paper and horizon is written; False where one was before."""
    return add_first(PaperNotice, {"paper_id": paper_id, "horizon": horizon})

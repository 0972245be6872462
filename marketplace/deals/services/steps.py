"""Each state a deal or an order enters, written down with its day, its writer and what shows it."""

from dataclasses import dataclass
from datetime import date

from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.deals.models import Deal, DealStep, Order, OrderStep
from marketplace.infra.db import session
from marketplace.infra.storage import StoredFile


@dataclass(frozen=True, slots=True)
class Evidence:
    """When it happened, and what shows it."""

    on: date
    note: str = ""
    file: StoredFile | None = None


def add_step(
    actor: Actor,
    deal: Deal,
    *,
    on: date | None = None,
    note: str = "",
    file: StoredFile | None = None,
) -> None:
    if file is not None:
        file.kept = True
    session.add(
        DealStep(
            deal_id=deal.id,
            state=deal.state,
            on=on or today(),
            by_id=actor.person_id,
            by_name=actor.name,
            note=note,
            file_id=file.id if file else None,
        )
    )


def add_order_step(actor: Actor, order: Order, evidence: Evidence) -> None:
    if evidence.file is not None:
        evidence.file.kept = True
    session.add(
        OrderStep(
            order_id=order.id,
            state=order.state,
            on=evidence.on,
            by_id=actor.person_id,
            by_name=actor.name,
            note=evidence.note,
            file_id=evidence.file.id if evidence.file else None,
        )
    )

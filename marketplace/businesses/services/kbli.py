"""The lines of business of a register entry, kept as its NIB lists them."""

from marketplace.audit import services as audit
from marketplace.businesses import queries
from marketplace.businesses.models import Business, BusinessKbli
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.identifiers import Kbli
from marketplace.core.kbli import in_order
from marketplace.infra.db import session


def set_kbli(*, actor: Actor, business: Business, codes: tuple[Kbli, ...] | None) -> None:
    """Keep exactly these, the first as the main one; None leaves them as they are.

    Called by services that have asked whether the actor may change the business.
    """
    before = queries.kbli_of(business.id)
    if codes is None or (wanted := in_order(codes)) == before:
        return
    held = {row.said: row for row in queries.kbli_rows_of(business.id)}
    for code, row in held.items():
        if code not in wanted:
            session.delete(row)
        elif code != wanted[0]:
            row.is_main = False
    # Whoever has the form of before on the screen is told that something changed.
    business.updated_at = now()
    # Two main ones are refused, even for a moment: the old one steps back first.
    session.flush()
    for code in wanted:
        if code in held:
            held[code].is_main = code == wanted[0]
        else:
            session.add(
                BusinessKbli(
                    business_id=business.id,
                    version=code.version,
                    code=code.code,
                    is_main=code == wanted[0],
                )
            )
    session.flush()
    audit.record(
        actor,
        "business.kbli_set",
        business,
        before=[code.display for code in before],
        after=[code.display for code in wanted],
    )

"""A market of several branches and places, and what was suggested on it."""

from sqlalchemy import delete, func, select

from marketplace.audit.models import AuditEntry
from marketplace.core.clock import today
from marketplace.demo.rules import large
from marketplace.demo.services import filling
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.models import Exposure, Suggestion

Told = dict[tuple[int, int], tuple[int, float, str]]


def make_nation(needs: int = 40) -> None:
    """Producers and outlets all over the country; the same rows each time."""
    market = large(7, today(), producers=30, products=240, outlets=20, needs=needs)
    with transaction():
        filling.seed(market, with_accounts=False)


def told() -> Told:
    """Score, confidence and state of every suggestion by product and need."""
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(Suggestion))
    return {
        (row.product_id, row.need_id): (row.score, row.confidence, row.state.value) for row in rows
    }


def forget_all() -> None:
    """As if nothing had ever been suggested."""
    with transaction():
        for table in (Suggestion, Exposure, AuditEntry):
            session.execute(delete(table))


def times_computed() -> int:
    """How often a suggestion was written, over all runs."""
    session.rollback()
    computed = AuditEntry.action == "suggestion.computed"
    return session.scalar(select(func.count()).where(computed)) or 0

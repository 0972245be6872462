"""The steps of a question that of several at once only one may take."""

from typing import Any

from sqlalchemy import select, update

from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.infra.db import rows_changed, session
from marketplace.questions.models import Question
from marketplace.questions.rules import QuestionState, before


def move(question: Question, then: QuestionState, **values: Any) -> bool:
    """Bring a question to `then` from a state that allows it; False where somebody was first."""
    found = session.execute(
        update(Question)
        .where(Question.id == question.id, Question.state.in_(before(then)))
        .values(state=then, updated_at=now(), **values),
        execution_options={"synchronize_session": False},
    )
    session.refresh(question, ["state", *values])
    return int(getattr(found, "rowcount", 0)) == 1


def follow_producer(business_id: int, area: str) -> int:
    """Open questions about the goods of a producer that moved go along with it."""
    about = select(Product.id).where(Product.business_id == business_id)
    return rows_changed(
        update(Question)
        .where(Question.product_id.in_(about), Question.state == QuestionState.ASKED)
        .values(area_code=area)
    )

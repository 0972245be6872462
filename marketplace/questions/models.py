"""Questions about products and needs, each with its one answer."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.demand.models import Need
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.questions.rules import TEXT_MAX, AnsweredBy, QuestionState


class Question(Stamped, Model):
    """A buyer asks about a product, or a producer about a need; all who may see it may read."""

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_product", "product_id", "state"),
        Index("ix_questions_need", "need_id", "state"),
        Index("ix_questions_asker", "asker_id", "state"),
        Index("ix_questions_area", "area_code", "state"),
        # A question has one page to stand on and one owner to answer it.
        CheckConstraint("(product_id IS NULL) <> (need_id IS NULL)", name="about_one_thing"),
        CheckConstraint("text <> ''", name="asks_something"),
        # An answer is a text, a time and whose word it is, or nothing; a hidden one keeps its own.
        CheckConstraint(
            "(answered_at IS NULL AND answered_by IS NULL AND answer = '')"
            " OR (answered_at IS NOT NULL AND answered_by IS NOT NULL AND answer <> '')",
            name="answer_is_whole",
        ),
        CheckConstraint(
            "state = 'hidden' OR (state = 'answered') = (answered_at IS NOT NULL)",
            name="answered_has_an_answer",
        ),
        CheckConstraint(
            "(state = 'hidden') = (hidden_reason <> '' AND hidden_at IS NOT NULL)",
            name="hidden_says_why",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id"))
    # The producer's kabupaten/kota, whichever side it is on: whose area the case belongs to.
    area_code: Mapped[str] = mapped_column(String(5))
    asker_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    asked_by_id: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    text: Mapped[str] = mapped_column(String(TEXT_MAX))
    state: Mapped[QuestionState] = mapped_column(
        enum_column(QuestionState), default=QuestionState.ASKED
    )
    answer: Mapped[str] = mapped_column(String(TEXT_MAX), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[AnsweredBy | None] = mapped_column(enum_column(AnsweredBy))
    # Empty where it came through the signed link, whose holder has no account here.
    answered_by_id: Mapped[int | None] = mapped_column(BigInteger)
    hidden_reason: Mapped[str] = mapped_column(String(400), default="")
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by_id: Mapped[int | None] = mapped_column(BigInteger)
    hidden_by_name: Mapped[str] = mapped_column(String(200), default="")

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    need: Mapped[Need | None] = relationship(lazy="raise_on_sql")
    asker: Mapped[Business] = relationship(lazy="raise_on_sql")

    @property
    def about(self) -> Product | Need:
        """The one thing it is about (the database holds that there is one)."""
        thing = self.product or self.need
        assert thing is not None
        return thing

    @property
    def title(self) -> str:
        return self.product.name if self.product is not None else self.about_need.title

    @property
    def about_need(self) -> Need:
        assert self.need is not None
        return self.need

    @property
    def owner(self) -> Business:
        """Whose product or need it is: the one asked."""
        return self.about.business

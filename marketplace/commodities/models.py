"""Categories as keys (facts: rules.py) and the words people use, which officers edit."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.db import Id, Model, Stamped


class Category(Model):
    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))


class Spelling(Stamped, Model):
    """`written` is found as `means`: a variant, a synonym, an abbreviation or a local name."""

    __tablename__ = "spellings"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # One word leads to one meaning, else a search would depend on chance.
    written: Mapped[str] = mapped_column(String(60), unique=True)
    means: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    entered_by_id: Mapped[int | None] = mapped_column(BigInteger)

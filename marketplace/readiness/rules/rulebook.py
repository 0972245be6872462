"""A change of one rule of eligibility: what may be changed, and how it comes into force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_


class RuleSeverity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class ChangeState(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    REPLACED = "replaced"  # was in force once
    DROPPED = "dropped"


NEXT_CHANGE: Mapping[ChangeState, frozenset[ChangeState]] = MappingProxyType(
    {
        ChangeState.DRAFT: frozenset({ChangeState.ADOPTED, ChangeState.DROPPED}),
        ChangeState.ADOPTED: frozenset({ChangeState.REPLACED}),
        ChangeState.REPLACED: frozenset(),
        ChangeState.DROPPED: frozenset(),
    }
)
SEVERITY_NAMES: Mapping[RuleSeverity, str] = MappingProxyType(
    {
        RuleSeverity.BLOCK: N_("excludes"),
        RuleSeverity.WARN: N_("warns"),
        RuleSeverity.INFO: N_("informs"),
    }
)
CHANGE_STATE_NAMES: Mapping[ChangeState, str] = MappingProxyType(
    {
        ChangeState.DRAFT: N_("draft"),
        ChangeState.ADOPTED: N_("in force"),
        ChangeState.REPLACED: N_("in force before"),
        ChangeState.DROPPED: N_("dropped"),
    }
)
# What an office may say a rule binds: kinds of goods, storage, size of the producer. An empty word
# of the engine ("not said") is a tick box of its own.
KIND_NAMES = (("food", N_("food")), ("drink", N_("drink")))
STORAGE_NAMES = (
    ("", N_("storage not said")),
    ("ambient", N_("at room temperature")),
    ("chilled", N_("chilled")),
    ("frozen", N_("frozen")),
)
SIZE_NAMES = (
    ("", N_("size not known")),
    ("micro", N_("micro")),
    ("small", N_("small")),
    ("medium", N_("medium")),
    ("large", N_("large")),
)
UNSAID = "unsaid"


def word_of(code: str) -> str:
    """The value of a tick box: browsers leave out empty ones."""
    return code or UNSAID


def code_of(word: str) -> str:
    return "" if word == UNSAID else word


# Rules whose scope may be narrowed; the others compare what both sides stated and bind all.
EDITABLE = frozenset(
    {
        "food_permit",
        "frozen_needs_md",
        "chilled_animal_needs_md",
        "category_needs_md",
        "short_life_needs_md",
        "halal",
        "halal_large",
    }
)
# What makes two goods the same kind of goods is no matter of severity.
FIXED = frozenset({"category"})
BASIS_LEAST = 8


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as the province wants it. Empty sets bind everyone; `legal` is never edited."""

    code: str
    severity: RuleSeverity
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str = ""
    reason: str = ""
    kinds: frozenset[str] = field(default_factory=frozenset)
    storages: frozenset[str] = field(default_factory=frozenset)
    size_classes: frozenset[str] = field(default_factory=frozenset)


def check_change(now: ChangeState, then: ChangeState) -> None:
    if then not in NEXT_CHANGE[now]:
        raise RuleBroken(N_("This change was already decided on."))


def check_draft(draft: RuleDraft, *, legal: bool, lowers: bool, basis_before: str) -> None:
    """A reason always; and who makes a rule of law milder names the law that allows it.

    `lowers` is true where the change excludes less than before: a milder severity, fewer days or
    fewer producers bound.
    """
    fields: dict[str, str] = {}
    if len(draft.reason.strip()) < 5:
        fields["reason"] = N_("Say in a few words why.")
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        fields["valid_to"] = N_("The last day lies before the first one.")
    basis = draft.basis.strip()
    if legal and lowers and (len(basis) < BASIS_LEAST or basis == basis_before.strip()):
        fields["basis"] = N_(
            "This rule is set by law: name the regulation that allows to make it milder."
        )
    if fields:
        raise InvalidInput(N_("Please check what you entered."), fields=fields)

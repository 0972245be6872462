"""What businesses tells the rooms above, in the transaction that does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BusinessChanged:
    """Something matching looks at changed: the place, sales (size class) or working capital."""

    business_id: int


@dataclass(frozen=True, slots=True)
class ProducerMoved:
    """A producer went to another kabupaten/kota: its open cases go with it, decided ones stay."""

    business_id: int
    from_code: str
    to_code: str


@dataclass(frozen=True, slots=True)
class BusinessNamed:
    """What tells one business from another changed: name, phone or NIB."""

    business_id: int


@dataclass(frozen=True, slots=True)
class BranchesChanged:
    """A branch was added, moved, closed or opened again."""

    business_id: int


@dataclass(frozen=True, slots=True)
class PaperChanged:
    """A paper was entered, corrected, verified, rejected or revoked."""

    business_id: int
    paper_id: int

"""What became of participants of trainings, as far as deals know: a signed deal and its day."""

from collections.abc import Collection

from marketplace.deals import queries
from marketplace.programs.rules.outcomes import Fact, Outcome


def signed_deals(business_ids: Collection[int]) -> list[Fact]:
    """Every deal these producers signed; the first of them is what counts (programs, outcomes)."""
    return [
        Fact(business_id, Outcome.DEAL, signed_on, title)
        for business_id, signed_on, title in queries.signed_by(business_ids)
    ]

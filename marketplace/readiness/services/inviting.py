"""From the gap list into a training or a bazaar: only who is on the list, told why."""

from collections.abc import Collection
from dataclasses import replace

from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.web import require
from marketplace.programs.services import trainings
from marketplace.readiness import policies, queries
from marketplace.readiness.queries import Scope


def invite_to_training(
    *, actor: Actor, program_id: int, business_ids: Collection[int], scope: Scope, why: str
) -> int:
    """Put these producers on the list of a training; returns how many are new on it.

    `why` is said in their letter. A kabupaten/kota invites its own; who does not have the gap any
    more, since the page was opened, is left out.
    """
    require(policies.may_see_readiness(actor))
    if not business_ids:
        raise InvalidInput(N_("Choose at least one producer."))
    chosen = replace(scope, business_ids=tuple(sorted(set(business_ids))))
    listed = set(queries.businesses_in(chosen, limit=len(chosen.business_ids)))
    wanted = sorted(set(business_ids) & listed)
    return trainings.invite(actor=actor, program_id=program_id, business_ids=wanted, why=why)

"""Who has a case: an officer takes it, or hands it to an office or a colleague with a note."""

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Office, OfficeMembership
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.suggestions import policies
from marketplace.suggestions.models import CaseHolder, Remark, Suggestion
from marketplace.suggestions.queries import holding as holders
from marketplace.suggestions.rules import OPEN_CASES, RemarkKind

CHANGED = N_("Somebody else took or handed over this case meanwhile. Look at it again.")


def take(*, actor: Actor, suggestion: Suggestion, version: int) -> CaseHolder:
    """From now on the case is this officer's; the clock of how long it waits starts anew.

    `version` is that of the holder the officer saw, 0 for nobody: of two who take it at once the
    second one is told.
    """
    require(policies.may_hold(actor, suggestion))
    _check_open(suggestion)
    mine = holders.find_holder(suggestion.id)
    if mine is not None and mine.person_id == actor.person_id:
        return mine  # one press too many
    holder = _held(suggestion, version)
    before = holder.person_name
    holder.office_id = actor.office_id or 0
    holder.person_id, holder.person_name = actor.person_id, actor.name
    holder.since_at = now()
    session.add(holder)
    session.flush()
    audit.record(actor, "suggestion.taken", suggestion, before=before)
    return holder


def hand_over(
    *,
    actor: Actor,
    suggestion: Suggestion,
    office_id: int,
    person_id: int | None,
    note: str,
    version: int,
) -> CaseHolder:
    """Give the case to an office of its area or to one officer of it, and say what to do."""
    require(policies.may_hold(actor, suggestion))
    _check_open(suggestion)
    if not note:
        message = N_("Say what is to be done with it.")
        raise InvalidInput(message, fields={"note": message})
    office, member = _whom(suggestion, office_id, person_id)
    holder = _held(suggestion, version)
    holder.office_id = office.id
    holder.person_id = member.person_id if member else None
    holder.person_name = member.person.full_name if member else ""
    holder.since_at = now()
    session.add(holder)
    if "." in office.region_code:
        # The kabupaten/kota looks at it and may forward it once more.
        suggestion.forwarded_at, suggestion.forwarded_by_name = None, ""
    session.add(
        Remark(
            suggestion_id=suggestion.id,
            kind=RemarkKind.COMMENT,
            text=note,
            person_id=actor.person_id or 0,
            person_name=actor.name,
            office_name=accounts.get_office(actor.office_id).name if actor.office_id else "",
        )
    )
    session.flush()
    audit.record(
        actor, "suggestion.handed_over", suggestion, office=office.name, person=holder.person_name
    )
    return holder


def back_to_province(suggestion: Suggestion) -> None:
    """A forwarded case waits at the province from then on, at nobody in particular."""
    office = accounts.find_office_of(suggestion.area_code[:2])
    holder = holders.find_holder(suggestion.id)
    if office is None or holder is None:
        return  # without a row it is the province's anyhow
    holder.office_id, holder.person_id, holder.person_name = office.id, None, ""
    holder.since_at = now()


def _check_open(suggestion: Suggestion) -> None:
    if suggestion.state not in OPEN_CASES:
        raise RuleBroken(N_("This suggestion was already decided on."))


def _held(suggestion: Suggestion, version: int) -> CaseHolder:
    holder = holders.find_holder(suggestion.id)
    if (holder.version if holder else 0) != version:
        raise Conflict(CHANGED)
    return holder or CaseHolder(suggestion_id=suggestion.id, person_name="")


def _whom(
    suggestion: Suggestion, office_id: int, person_id: int | None
) -> tuple[Office, OfficeMembership | None]:
    offices = {one.id: one for one in accounts.list_offices_of(suggestion.area_code)}
    message = N_("Choose an office of this area or one of its officers.")
    if office_id not in offices:
        raise InvalidInput(message, fields={"to": message})
    if person_id is None:
        return offices[office_id], None
    for member in accounts.list_officers([office_id]):
        if member.person_id == person_id:
            return offices[office_id], member
    raise InvalidInput(message, fields={"to": message})

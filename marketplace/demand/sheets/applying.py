"""What rows of needs change: found or made, compared, written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Branch, Business
from marketplace.businesses.queries import tables
from marketplace.businesses.rules import BusinessKind
from marketplace.core import clock
from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.sheet_kinds import Outcome, Problem, Scope
from marketplace.core.text import N_, fold
from marketplace.demand import policies, queries, rules, services
from marketplace.demand.models import Need
from marketplace.demand.rules import LineDraft, NeedDraft, NeedState
from marketplace.demand.sheets.rows import NeedRow, filled_up

NO_OUTLET = N_("No outlet has this name or NIB. Register it first, or mend the name.")
SEVERAL = N_("Several outlets have this name. Write the NIB instead.")
NOT_YOURS = N_("You may not enter needs of this outlet.")
NO_BRANCH = N_("This outlet has no such branch. Write its name as registered, or leave it empty.")

# Fields of a need's draft whose column has another name.
_COLUMN_OF = {"category_code": "category", "places": "region"}


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.msgid)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already: outlets by what was written, their branches, their needs by title."""

    outlets: Mapping[str, Sequence[Business]]
    branches: Mapping[int, Sequence[Branch]]
    needs: Mapping[tuple[int, str], Need]


def apply_rows(
    actor: Actor, drafts: Sequence[NeedRow], scope: Scope, *, is_trial: bool
) -> list[Outcome | Problem]:
    known = _look_up(drafts, scope)
    return [_answer(actor, row, known, scope, is_trial) for row in drafts]


def _look_up(drafts: Sequence[NeedRow], scope: Scope) -> Known:
    names = {row.outlet for row in drafts if row.outlet}
    outlets: dict[str, Sequence[Business]] = dict(tables.find_named(BusinessKind.OUTLET, names))
    if scope.business_id is not None:
        outlets[""] = [businesses.get_business(scope.business_id)]
    ids = {outlet.id for found in outlets.values() for outlet in found}
    needs = queries.needs_with_titles(ids, {row.said.title for row in drafts})
    return Known(
        outlets,
        tables.branches_by_business(ids),
        {(need.business_id, fold(need.title)): need for need in needs},
    )


def _answer(
    actor: Actor, row: NeedRow, known: Known, scope: Scope, is_trial: bool
) -> Outcome | Problem:
    try:
        outlet = _outlet_of(actor, row, known)
        said = row.said.with_lines(_lines_of(row, known.branches[outlet.id]))
        need = known.needs.get((outlet.id, fold(said.title)))
        if need is None and row.is_closed:
            return Outcome.SAME  # a list sent back opens nothing again that was closed
        if need is None:
            return _add(actor, outlet, said, scope, is_trial)
        return _change(actor, need, said, scope, is_trial)
    except _Refused as refusal:
        return refusal.problem
    except InvalidInput as error:
        field, msgid = next(iter(error.fields.items()), ("", error.msgid))
        return Problem(_COLUMN_OF.get(field, field), msgid, error.params)
    except DomainError as error:
        return Problem("", error.msgid, error.params)


def _outlet_of(actor: Actor, row: NeedRow, known: Known) -> Business:
    found = known.outlets.get(row.outlet, ())
    if len(found) != 1:
        raise _Refused(Problem("business", SEVERAL if found else NO_OUTLET))
    if not policies.may_manage_needs_of(actor, found[0]):
        raise _Refused(Problem("business", NOT_YOURS))
    return found[0]


def _lines_of(row: NeedRow, branches: Sequence[Branch]) -> list[LineDraft]:
    by_name = {fold(branch.name): branch for branch in branches}
    lines = []
    for place in row.places:
        if not place.branch:
            lines.append(LineDraft(place.region_code, place.volume))
            continue
        branch = by_name.get(place.branch)
        if branch is None:
            raise _Refused(Problem("branch", NO_BRANCH))
        lines.append(LineDraft(branch.region_code, place.volume, branch.id))
    return lines


def _add(actor: Actor, outlet: Business, said: NeedDraft, scope: Scope, is_trial: bool) -> Outcome:
    rules.check_draft(said)
    if scope.publish:
        rules.check_complete(said, clock.today())
    if not is_trial:
        services.add_need(actor=actor, business_id=outlet.id, draft=said, publish=scope.publish)
    return Outcome.ADDED


def _change(actor: Actor, need: Need, said: NeedDraft, scope: Scope, is_trial: bool) -> Outcome:
    """Places of the file are put beside those known; none is taken away by not being named."""
    before = services.draft_of(need)
    lines = {line.place: line for line in before.lines}
    # A place named without a volume keeps the one it has.
    lines |= {
        line.place: line
        for line in said.lines
        if line.volume_per_month is not None or line.place not in lines
    }
    wanted = filled_up(said, before).with_lines(list(lines.values()))
    opens = scope.publish and need.state is NeedState.DRAFT
    if wanted.in_order() == before.in_order() and not opens:
        return Outcome.SAME
    rules.check_draft(wanted)
    if opens:
        rules.check_complete(wanted, clock.today())
    if not is_trial:
        services.change_need(actor=actor, need=need, draft=wanted)
        if opens:
            services.open_need(actor=actor, need=need)
    return Outcome.CHANGED

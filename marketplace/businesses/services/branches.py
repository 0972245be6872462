"""Branches of outlets: where goods are delivered to."""

from marketplace.audit import services as audit
from marketplace.businesses import policies, queries
from marketplace.businesses.events import BranchesChanged
from marketplace.businesses.models import Branch, Business
from marketplace.businesses.rules import BranchDraft, BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.events import publish
from marketplace.infra.web import require


def add_branch(*, actor: Actor, business: Business, draft: BranchDraft) -> Branch:
    require(policies.may_edit(actor, business))
    if business.kind is not BusinessKind.OUTLET:
        raise RuleBroken(N_("Only outlets have branches."))
    if not business.is_chain:
        raise RuleBroken(N_("A single shop has one branch. Make it a chain first."))
    _check_name(business.id, draft.name)
    branch = Branch(business_id=business.id)
    _write(branch, draft)
    session.add(branch)
    session.flush()
    audit.record(actor, "branch.added", branch, business=business.id, name=branch.name)
    publish(BranchesChanged(business.id))
    return branch


def change_branch(*, actor: Actor, branch: Branch, draft: BranchDraft) -> None:
    require(policies.may_edit(actor, branch.business))
    if draft.name != branch.name:
        _check_name(branch.business_id, draft.name)
    _write(branch, draft)
    audit.record(actor, "branch.changed", branch, business=branch.business_id, name=branch.name)
    publish(BranchesChanged(branch.business_id))


def set_branch_open(*, actor: Actor, branch: Branch, is_open: bool) -> None:
    """Close a branch, which keeps its history, or open it again."""
    require(policies.may_edit(actor, branch.business))
    branch.is_open = is_open
    audit.record(
        actor,
        "branch.reopened" if is_open else "branch.closed",
        branch,
        business=branch.business_id,
        name=branch.name,
    )
    publish(BranchesChanged(branch.business_id))


def keep_single_branch(business: Business) -> None:
    """The one branch of a single shop follows the shop's name and place."""
    if business.kind is not BusinessKind.OUTLET or business.is_chain:
        return
    branches = queries.branches_of(business.id, only_open=True)
    if len(branches) > 1:
        raise RuleBroken(
            N_("This outlet has several open branches: close them, or keep it a chain.")
        )
    if not branches:
        # A closed branch may hold the name: then it is opened again.
        closed = queries.find_branch_named(business.id, business.name)
        branch = closed or Branch(business_id=business.id, stores=1)
        session.add(branch)
    else:
        branch = branches[0]
    branch.name, branch.region_code = business.name, business.region_code
    branch.address, branch.is_open = business.address, True
    session.flush()
    publish(BranchesChanged(business.id))


def _check_name(business_id: int, name: str) -> None:
    if queries.find_branch_named(business_id, name) is not None:
        raise Conflict(N_("This outlet already has a branch of this name."), field="name")


def _write(branch: Branch, draft: BranchDraft) -> None:
    branch.name, branch.region_code = draft.name, draft.region_code
    branch.address, branch.stores = draft.address, draft.stores

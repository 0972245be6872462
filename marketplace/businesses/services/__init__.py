"""Writes of businesses, branches, members and papers."""

from marketplace.businesses.rules import BranchDraft, BusinessDraft, Figures, PaperDraft
from marketplace.businesses.services.branches import (
    add_branch,
    change_branch,
    set_branch_open,
)
from marketplace.businesses.services.businesses import (
    change_business,
    declare_figures,
    note_figures_seen,
    register_business,
)
from marketplace.businesses.services.members import (
    act_for,
    add_member,
    add_person_of,
    areas_of_person,
    disable_person,
    enable_person,
    issue_code,
    remove_member,
)
from marketplace.businesses.services.papers import (
    add_paper,
    change_paper,
    reject_paper,
    revoke_paper,
    verify_paper,
)
from marketplace.businesses.services.visits import record_visit

__all__ = [
    "BranchDraft",
    "BusinessDraft",
    "Figures",
    "PaperDraft",
    "act_for",
    "add_branch",
    "add_member",
    "add_paper",
    "add_person_of",
    "areas_of_person",
    "change_branch",
    "change_business",
    "change_paper",
    "declare_figures",
    "disable_person",
    "enable_person",
    "issue_code",
    "note_figures_seen",
    "record_visit",
    "register_business",
    "reject_paper",
    "remove_member",
    "revoke_paper",
    "set_branch_open",
    "verify_paper",
]

"""Reads of businesses, branches, memberships and papers."""

from marketplace.businesses.queries.businesses import (
    branches_of,
    find_branch_named,
    find_businesses,
    find_by_nib,
    find_same,
    get_branch,
    get_business,
    ids_of_person,
    is_producer,
    list_named,
    list_of_person,
)
from marketplace.businesses.queries.papers import (
    count_papers_to_check,
    find_live_paper,
    get_paper,
    list_papers_to_check,
    page_of_papers_to_check,
    papers_of,
    papers_of_many,
)
from marketplace.businesses.queries.people import (
    businesses_of_people,
    find_membership,
    list_people,
    members_of,
    page_of_people,
)

__all__ = [
    "branches_of",
    "businesses_of_people",
    "count_papers_to_check",
    "find_branch_named",
    "find_businesses",
    "find_by_nib",
    "find_live_paper",
    "find_membership",
    "find_same",
    "get_branch",
    "get_business",
    "get_paper",
    "ids_of_person",
    "is_producer",
    "list_named",
    "list_of_person",
    "list_papers_to_check",
    "list_people",
    "members_of",
    "page_of_papers_to_check",
    "page_of_people",
    "papers_of",
    "papers_of_many",
]

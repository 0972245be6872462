"""The tables that tie the rooms together: blueprints, commands, events, jobs, typed words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint

from marketplace.accounts import documents as account_documents

# Every table is known before the first query, whichever room asks first.
from marketplace.accounts import models as _accounts
from marketplace.accounts.cli import COMMANDS as ACCOUNT_COMMANDS
from marketplace.accounts.documents import PersonalData
from marketplace.accounts.views import bp as accounts_bp
from marketplace.audit import models as _audit
from marketplace.businesses import models as _businesses
from marketplace.catalog import models as _catalog
from marketplace.commodities import models as _commodities
from marketplace.commodities.forms import category_name
from marketplace.demand import models as _demand
from marketplace.demand.views import bp as demand_bp
from marketplace.home.cli import COMMANDS as HOME_COMMANDS
from marketplace.home.navigation import navigation
from marketplace.home.views import bp as home_bp
from marketplace.infra import changes as _changes
from marketplace.infra import once as _once
from marketplace.infra import options as _options
from marketplace.infra import storage as _storage
from marketplace.infra.jobs import Handler
from marketplace.notifications import models as _notifications
from marketplace.regions import models as _regions
from marketplace.regions.forms import place_name, region_list
from marketplace.regions.rules import full_region_name
from marketplace.suggestions import models as _suggestions

TABLES = (
    _accounts,
    _audit,
    _businesses,
    _catalog,
    _changes,
    _commodities,
    _demand,
    _notifications,
    _once,
    _options,
    _regions,
    _storage,
    _suggestions,
)

BLUEPRINTS: Sequence[Blueprint] = (home_bp, accounts_bp, demand_bp)

CLI: Sequence[Any] = (*HOME_COMMANDS, *ACCOUNT_COMMANDS)

# What a room below tells the rooms above, in the same transaction.
EVENTS: Mapping[type, Sequence[Callable[[Any], None]]] = {}

JOBS: Mapping[str, Handler] = {}

# How typed parameters of sentences read (class name -> text in the reader's language).
PARAMS: Mapping[str, Callable[[Any], str]] = {
    "Region": lambda region: place_name(region.code),
}

# Words of the rooms for templates: `code|region`, `code|region_full`, `code|category`.
FILTERS: Mapping[str, Callable[[Any], str]] = {
    "category": category_name,
    "region": place_name,
    "region_full": full_region_name,
}

TEMPLATE_GLOBALS: Mapping[str, Callable[..., Any]] = {"region_list": region_list}

# Each room's part of "all my data": a person's number -> named tables of rows.
PERSONAL_DATA: Sequence[PersonalData] = (account_documents.personal_data,)

# Lines to print once the site is up (`flask serve`).
START_NOTES: Sequence[Callable[[], Sequence[str]]] = ()

# Small work of the worker's sweep, every few seconds.
PERIODIC: Sequence[Callable[[], None]] = ()


__all__ = [
    "BLUEPRINTS",
    "CLI",
    "EVENTS",
    "FILTERS",
    "JOBS",
    "PARAMS",
    "PERIODIC",
    "PERSONAL_DATA",
    "START_NOTES",
    "TABLES",
    "TEMPLATE_GLOBALS",
    "navigation",
]

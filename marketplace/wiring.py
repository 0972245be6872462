"""The tables that tie the rooms together: blueprints, commands, events, jobs, typed words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint

from marketplace.accounts import documents as account_documents

# Every table is known before the first query, whichever room asks first.
from marketplace.accounts import models as _accounts
from marketplace.accounts.cli import COMMANDS as ACCOUNT_COMMANDS
from marketplace.accounts.documents import PersonalData
from marketplace.accounts.rules import REQUEST_NAMES, STATE_NAMES
from marketplace.accounts.views import bp as accounts_bp
from marketplace.audit import models as _audit
from marketplace.audit.rules import action_name
from marketplace.businesses import documents as business_documents
from marketplace.businesses import models as _businesses
from marketplace.businesses import services as businesses
from marketplace.businesses.events import (
    BusinessChanged,
    BusinessNamed,
    PaperChanged,
    ProducerMoved,
)
from marketplace.businesses.rules import BUSINESS_KIND_NAMES, OUTLET_FORMAT_NAMES, PAPER_NAMES
from marketplace.businesses.services import erasing as business_erasing
from marketplace.businesses.views import bp as businesses_bp
from marketplace.catalog import documents as catalog_documents
from marketplace.catalog import models as _catalog
from marketplace.catalog.events import (
    CapacityChanged,
    ProductChanged,
    ProductEnded,
    ProductPublished,
    ProductWithdrawn,
)
from marketplace.catalog.views import bp as catalog_bp
from marketplace.commodities import models as _commodities
from marketplace.commodities.events import SpellingsChanged
from marketplace.commodities.forms import category_name, unit_name, unit_price
from marketplace.commodities.rules import SPELLING_KIND_NAMES
from marketplace.commodities.views import bp as commodities_bp
from marketplace.core.phones import display_phone
from marketplace.core.text import N_
from marketplace.deals import documents as deal_documents
from marketplace.deals import guards as deal_guards
from marketplace.deals import models as _deals
from marketplace.deals import policies as deal_policies
from marketplace.deals.cli import COMMANDS as DEAL_COMMANDS
from marketplace.deals.jobs import remind_of_payments
from marketplace.deals.rules.orders import NOTICE_NAMES, REJECT_NAMES
from marketplace.deals.services import telling as deal_texts
from marketplace.deals.services.capacity import follow_product as follow_capacity
from marketplace.deals.views import bp as deals_bp
from marketplace.demand import models as _demand
from marketplace.demand.events import NeedChanged, NeedClosed, NeedGrewOut, NeedOpened
from marketplace.demand.views import bp as demand_bp
from marketplace.demo.cli import COMMANDS as DEMO_COMMANDS
from marketplace.demo.cli import sign_in_notes
from marketplace.exchange import jobs as exchange_jobs
from marketplace.exchange import models as _exchange
from marketplace.exchange.views import bp as exchange_bp
from marketplace.home.cli import COMMANDS as HOME_COMMANDS
from marketplace.home.jobs import tidy_up
from marketplace.home.navigation import navigation
from marketplace.home.views import bp as home_bp
from marketplace.infra import changes as _changes
from marketplace.infra import once as _once
from marketplace.infra import options as _options
from marketplace.infra import storage as _storage
from marketplace.infra.i18n import say, show_date, show_money, show_number
from marketplace.infra.jobs import Handler
from marketplace.infra.search import keep_index
from marketplace.learning import models as _learning
from marketplace.learning import queries as learning
from marketplace.learning.cli import COMMANDS as LEARNING_COMMANDS
from marketplace.learning.jobs import HANDLERS as LEARNING_JOBS
from marketplace.learning.jobs import learn_weekly
from marketplace.learning.views import bp as learning_bp
from marketplace.meetings import documents as meeting_documents
from marketplace.meetings import guards as meeting_guards
from marketplace.meetings import models as _meetings
from marketplace.meetings.cli import COMMANDS as MEETING_COMMANDS
from marketplace.meetings.events import SampleJudged
from marketplace.meetings.jobs import keep_clocks as keep_meeting_clocks
from marketplace.meetings.rules.figures import PerMeeting
from marketplace.meetings.services import erasing as meeting_erasing
from marketplace.meetings.services import merging as meeting_merges
from marketplace.meetings.services import samples as meeting_samples
from marketplace.meetings.services import steps as meeting_steps
from marketplace.meetings.services import telling as meeting_texts
from marketplace.meetings.views import bp as meetings_bp
from marketplace.notifications import models as _notifications
from marketplace.notifications.models import OutboxMessage
from marketplace.programs import documents as program_documents
from marketplace.programs import models as _programs
from marketplace.programs.documents.own_data import personal_data as program_data
from marketplace.programs.jobs import call_participants
from marketplace.programs.rules.outcomes import Fact as TrainingFact
from marketplace.programs.services import erasing, training_texts
from marketplace.programs.services import leads as lead_services
from marketplace.programs.views import bp as programs_bp
from marketplace.questions import documents as question_documents
from marketplace.questions import guards as question_guards
from marketplace.questions import models as _questions
from marketplace.questions.services import asking as question_asking
from marketplace.questions.views import bp as questions_bp
from marketplace.readiness import guards as readiness_gaps
from marketplace.readiness import models as _readiness
from marketplace.readiness import queries as readiness
from marketplace.readiness.documents import radar as readiness_radar
from marketplace.readiness.jobs import HANDLERS as READINESS_JOBS
from marketplace.readiness.jobs import followed, measure_daily, tell_daily
from marketplace.readiness.services import measuring
from marketplace.readiness.services import telling as readiness_telling
from marketplace.readiness.views import bp as readiness_bp
from marketplace.regions import models as _regions
from marketplace.regions.events import TariffChanged
from marketplace.regions.forms import place_name, region_list
from marketplace.regions.rules import full_region_name
from marketplace.regions.views import bp as regions_bp
from marketplace.register import documents as register_documents
from marketplace.register import models as _register
from marketplace.register.jobs import HANDLERS as REGISTER_JOBS
from marketplace.register.jobs import follow_merges
from marketplace.register.services import erasing as register_erasing
from marketplace.register.services import finding, movers
from marketplace.register.services.movers import STAYS, MergeRule, handed_over
from marketplace.register.services.stalls import STALL_HOLDERS
from marketplace.register.views import bp as register_bp
from marketplace.reporting.views import bp as reporting_bp
from marketplace.suggestions import models as _suggestions
from marketplace.suggestions.cli import COMMANDS as SUGGESTION_COMMANDS
from marketplace.suggestions.events import EverythingSuggested
from marketplace.suggestions.guards import areas as suggestion_areas
from marketplace.suggestions.jobs import HANDLERS as SUGGESTION_JOBS
from marketplace.suggestions.jobs import keep_clocks
from marketplace.suggestions.services import computing, introducing
from marketplace.suggestions.services.world import FEED as SUGGESTION_FEED
from marketplace.suggestions.services.world import Tuning
from marketplace.suggestions.views import bp as suggestions_bp
from marketplace.suggestions.views import tray

TABLES = (
    _accounts,
    _audit,
    _businesses,
    _catalog,
    _changes,
    _commodities,
    _deals,
    _demand,
    _exchange,
    _learning,
    _meetings,
    _notifications,
    _once,
    _options,
    _programs,
    _questions,
    _readiness,
    _regions,
    _register,
    _storage,
    _suggestions,
)

BLUEPRINTS: Sequence[Blueprint] = (
    home_bp,
    accounts_bp,
    businesses_bp,
    catalog_bp,
    demand_bp,
    suggestions_bp,
    meetings_bp,
    questions_bp,
    deals_bp,
    programs_bp,
    readiness_bp,
    reporting_bp,
    learning_bp,
    register_bp,
    exchange_bp,
    commodities_bp,
    regions_bp,
)

CLI: Sequence[Any] = (
    *HOME_COMMANDS,
    *ACCOUNT_COMMANDS,
    *SUGGESTION_COMMANDS,
    *LEARNING_COMMANDS,
    *MEETING_COMMANDS,
    *DEAL_COMMANDS,
    *DEMO_COMMANDS,
)

# What a room below tells the rooms above, in the same transaction.
EVENTS: Mapping[type, Sequence[Callable[[Any], Any]]] = {
    SpellingsChanged: (lambda _event: computing.schedule_for_all(),),
    TariffChanged: (lambda _event: computing.schedule_for_all(),),
    BusinessChanged: (
        lambda event: computing.schedule_for_business(event.business_id),
        lambda event: finding.schedule_for_business(event.business_id),
    ),
    BusinessNamed: (lambda event: finding.schedule_for_business(event.business_id),),
    # Open cases follow a producer to its new area before anything is computed anew; the numbers
    # answered are told to who moved it.
    ProducerMoved: (
        lambda event: suggestion_areas.follow_producer(event.business_id, event.to_code),
        lambda event: question_guards.follow_producer(event.business_id, event.to_code),
        lambda event: meeting_guards.follow_producer(event.business_id, event.to_code),
        lambda event: deal_guards.follow_producer(event.business_id, event.to_code),
        lambda event: readiness_gaps.follow_producer(event.business_id, event.to_code),
    ),
    PaperChanged: (lambda event: computing.schedule_for_business(event.business_id),),
    CapacityChanged: (follow_capacity,),
    ProductPublished: (lambda event: computing.schedule_for_product(event.product_id),),
    ProductChanged: (lambda event: computing.schedule_for_product(event.product_id),),
    ProductWithdrawn: (
        lambda event: computing.withdraw_of_product(event.product_id),
        lambda event: readiness_gaps.forget_of_product(event.product_id),
    ),
    ProductEnded: (lambda event: question_asking.close_of_product(event.product_id),),
    SampleJudged: (lambda event: measuring.schedule_for_product(event.product_id),),
    # The same as after the job of this name (`followed`): what stops pairings is measured anew.
    EverythingSuggested: (lambda _event: measuring.schedule_for_all(),),
    NeedOpened: (lambda event: computing.schedule_for_need(event.need_id),),
    NeedGrewOut: (lead_services.became_need,),
    NeedChanged: (lambda event: computing.schedule_for_need(event.need_id),),
    NeedClosed: (
        lambda event: computing.withdraw_of_need(event.need_id),
        lambda event: question_asking.close_of_need(event.need_id),
        lambda event: readiness_gaps.forget_of_need(event.need_id),
    ),
}

JOBS: Mapping[str, Handler] = {
    **followed(SUGGESTION_JOBS),
    **READINESS_JOBS,
    **LEARNING_JOBS,
    **REGISTER_JOBS,
    **exchange_jobs.HANDLERS,
}

# How typed parameters of sentences read (class name -> text in the reader's language).
PARAMS: Mapping[str, Callable[[Any], str]] = {
    "Count": lambda count: " ".join(
        part for part in (show_number(count.n), unit_name(count.unit)) if part
    ),
    "Days": lambda days: show_number(days.n),
    "Money": lambda money: show_money(money.amount),
    "Month": lambda month: show_date(month.day, "MMMM y"),
    "Percent": lambda percent: f"{show_number(percent.n)}%",
    "Phrase": lambda phrase: say(phrase.msgid, phrase.params),
    "PaperKind": lambda paper: business_documents.paper_kind_name(paper.kind),
    "Region": lambda region: place_name(region.code),
    "UnitPrice": unit_price,
}

# Codes that stand as plain words in the engine's sentences.
WORDS: Mapping[str, str] = {
    "ambient": N_("at room temperature"),
    "chilled": N_("chilled"),
    "frozen": N_("frozen"),
    "outright": N_("bought outright"),
    "days": N_("paid after some days"),
    "days:": N_("paid after %(num)s days"),
    "consignment": N_("on consignment"),
}

# Where the search index of every process gets its rows.
FEED = SUGGESTION_FEED

# What the office adopted: under which settings and rules of its own the engine works.
TUNING = Tuning(
    settings=learning.settings_in_force,
    rules=lambda: (*learning.rules_in_force(), *readiness.changed_rules()),
)

# Words of the rooms for templates: `code|region`, `code|region_full`, `code|category`.
FILTERS: Mapping[str, Callable[[Any], str]] = {
    "action": lambda action: say(action_name(action)),
    "business_kind": lambda kind: say(BUSINESS_KIND_NAMES[kind]),
    "category": category_name,
    "notice_kind": lambda kind: say(NOTICE_NAMES[kind]),
    "reject_reason": lambda reason: say(REJECT_NAMES[reason]),
    "outlet_format": lambda code: say(OUTLET_FORMAT_NAMES[code]),
    "paper_kind": business_documents.paper_kind_name,
    "paper_name": lambda kind: say(PAPER_NAMES[kind]),
    "person_state": lambda state: say(STATE_NAMES[state]),
    "phone": display_phone,
    "region": place_name,
    "region_full": full_region_name,
    "unit": unit_name,
    "who": lambda entry: say(N_("the system")) if entry.by_the_system else entry.actor_name,
    "spelling_kind": lambda kind: say(SPELLING_KIND_NAMES[kind]),
    "request_kind": lambda kind: say(REQUEST_NAMES[kind]),
}

TEMPLATE_GLOBALS: Mapping[str, Callable[..., Any]] = {
    "action_name": lambda action: say(action_name(action)),
    "kbli_hints": catalog_documents.kbli_hints,
    "kbli_of_products": catalog_documents.kbli_of_products,
    "deals_of_lead": deal_documents.deals_of_lead,
    "deals_of_program": deal_documents.deals_of_program,
    "how_they_dealt": deal_documents.how_they_dealt,
    "meetings_of_lead": meeting_documents.meetings_of_lead,
    "kept_in_programs": program_documents.kept_in_programs,
    "may_record_deal": deal_policies.may_record_deal,
    "origins_of_need": program_documents.origins_of_need,
    "open_twins_of": register_documents.open_twins_of,
    "questions_about_need": question_documents.section_of_need,
    "questions_about_product": question_documents.section_of_product,
    "region_list": region_list,
}

# The text of a message in the tray, by what it is about (`OutboxMessage.subject_type`).
LETTERS: Mapping[str, Callable[[OutboxMessage], str]] = {
    introducing.SUBJECT: tray.introduction_letter,
    meeting_texts.PARTICIPANTS: meeting_documents.participant_letter,
    meeting_texts.REQUESTS: meeting_documents.request_letter,
    meeting_texts.MEETINGS: meeting_documents.meeting_letter,
    meeting_steps.SUBJECT: meeting_documents.step_letter,
    meeting_samples.SUBJECT: meeting_documents.sample_letter,
    training_texts.SUBJECT: program_documents.training_letter,
    question_asking.SUBJECT: question_documents.letter_of,
    readiness_telling.SUBJECT: readiness_radar.letter_of,
    deal_texts.SUBJECT: deal_documents.deal_letter,
}

# Each room's part of "all my data": a person's number -> named tables of rows.
PERSONAL_DATA: Sequence[PersonalData] = (
    account_documents.personal_data,
    business_documents.personal_data,
    meeting_documents.personal_data,
    program_data,
    question_documents.personal_data,
    deal_documents.personal_data,
    program_documents.personal_data,
)

# Who takes a person out of a room when a request to erase is carried out, before the account goes.
# The register comes last: by its memberships the others know which businesses are the person's.
ERASERS: Sequence[Callable[..., int]] = (
    erasing.erase_person,
    meeting_erasing.erase_person,
    register_erasing.erase_person,
    business_erasing.erase_person,
)

# Where the businesses of a person belong, for who answers what they ask about their data.
AREAS_OF_PERSON: Callable[[int], Collection[str]] = businesses.areas_of_person

# What higher rooms know of what became of participants of trainings: numbers of businesses -> facts
# with their day (programs.rules.outcomes).
OUTCOMES: Sequence[Callable[[Collection[int]], Iterable[TrainingFact]]] = (
    deal_documents.signed_deals,
)

# What higher rooms count of held meetings: their numbers -> figures (meetings.rules.figures).
PER_MEETING: Sequence[Callable[[Sequence[int]], Sequence[PerMeeting]]] = (
    deal_documents.per_meeting,
)

# What becomes of the rows that name a business when its entry is merged into another, in the order
# in which they move. A test refuses a column that names businesses and has no rule here.
MERGE: Mapping[str, MergeRule] = {
    "branches.business_id": movers.BRANCHES,
    "memberships.business_id": movers.MEMBERSHIPS,
    "papers.business_id": movers.PAPERS,
    "business_kbli.business_id": movers.KBLI,
    "products.business_id": handed_over("products", "business_id", feed="product"),
    "needs.business_id": handed_over("needs", "business_id", feed="need"),
    "questions.asker_id": handed_over("questions", "asker_id"),
    "deals.producer_id": handed_over("deals", "producer_id"),
    "deals.buyer_id": handed_over("deals", "buyer_id"),
    "missed_pairings.business_id": handed_over("missed_pairings", "business_id"),
    "unsaid_papers.business_id": handed_over("unsaid_papers", "business_id"),
    "exposures.business_id": STAYS,  # counted anew once the products have moved
    "imports.business_id": handed_over("imports", "business_id"),
    "imports.acting_for_id": handed_over("imports", "acting_for_id"),
    "sign_in_sessions.acting_for_id": handed_over(
        "sign_in_sessions", "acting_for_id", returns=False
    ),
    "event_participants.business_id": meeting_merges.PARTICIPANTS,
    "stall_holders.business_id": STALL_HOLDERS,
    "meeting_requests.producer_id": meeting_merges.REQUESTING_PRODUCERS,
    "meeting_requests.buyer_id": meeting_merges.REQUESTING_BUYERS,
    "meetings.producer_id": meeting_merges.MEETING_PRODUCERS,
    "meetings.buyer_id": meeting_merges.MEETING_BUYERS,
    "training_sign_ups.business_id": handed_over("training_sign_ups", "business_id"),
    "businesses.merged_into_id": movers.LINKS,
    # Where each entry lay, and what was found there, stays told of it and goes back with it.
    "business_moves.business_id": STAYS,
    "site_visits.business_id": handed_over("site_visits", "business_id"),
    "business_twins.first_id": movers.TWINS,
    "business_twins.second_id": STAYS,  # both sides of a pair are one rule's work
    "business_merges.survivor_id": STAYS,
    "business_merges.merged_id": STAYS,
    "audit_entries.acting_for_id": STAYS,
}

# Lines to print once the site is up (`flask serve`).
START_NOTES: Sequence[Callable[[], Sequence[str]]] = (sign_in_notes,)

# Small work of the worker's sweep, every few seconds.
PERIODIC: Sequence[Callable[[], None]] = (
    keep_index,
    keep_clocks,
    keep_meeting_clocks,
    remind_of_payments,
    learn_weekly,
    measure_daily,
    tell_daily,
    exchange_jobs.keep_files_short,
    follow_merges,
    call_participants,
    tidy_up,
)


__all__ = [
    "AREAS_OF_PERSON",
    "BLUEPRINTS",
    "CLI",
    "ERASERS",
    "EVENTS",
    "FEED",
    "FILTERS",
    "JOBS",
    "LETTERS",
    "MERGE",
    "OUTCOMES",
    "PARAMS",
    "PERIODIC",
    "PERSONAL_DATA",
    "PER_MEETING",
    "START_NOTES",
    "TABLES",
    "TEMPLATE_GLOBALS",
    "TUNING",
    "WORDS",
    "navigation",
]

"""The front door: settings, extensions, rooms, and the tables that tie the rooms together."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, g, request, send_from_directory
from flask import session as cookie
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.exceptions import NotFound as NotFoundPage

from marketplace.accounts import queries as accounts
from marketplace.accounts import services as account_services
from marketplace.accounts.rules import PersonState
from marketplace.businesses import policies as business_policies
from marketplace.businesses import queries as businesses
from marketplace.core.actor import ANONYMOUS, Actor
from marketplace.core.clock import now
from marketplace.infra import commands, errors, events, i18n, jobs, search, security, web
from marketplace.infra.assets import Assets
from marketplace.infra.config import ROOT, Settings
from marketplace.infra.db import db, guard_writes, prepare_engine, session
from marketplace.infra.logging import set_up as set_up_logging
from marketplace.infra.transaction import transaction
from marketplace.register.services import merging
from marketplace.suggestions.services.world import register_tuning
from marketplace.wiring import (
    AREAS_OF_PERSON,
    BLUEPRINTS,
    CLI,
    ERASERS,
    EVENTS,
    FEED,
    FILTERS,
    JOBS,
    LETTERS,
    MERGE,
    OUTCOMES,
    PARAMS,
    PER_MEETING,
    PERIODIC,
    PERSONAL_DATA,
    START_NOTES,
    TEMPLATE_GLOBALS,
    TUNING,
    WORDS,
    navigation,
)

TOUCH_EVERY = timedelta(minutes=10)
migrate = Migrate()


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; everything it needs to know is in `settings` or the environment."""
    settings = settings or Settings()
    app = Flask(
        "marketplace",
        root_path=str(ROOT / "marketplace"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    _configure(app, settings)
    if not settings.testing:
        set_up_logging()
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    security.init_app(
        app, https=settings.is_https, hosts=settings.hosts, proxy_hops=settings.proxy_hops
    )
    i18n.init_app(app)
    i18n.register_params(PARAMS)
    i18n.register_words(WORDS)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
    Compress(app)
    errors.register(app)
    with app.app_context():
        prepare_engine(db.engine)
        guard_writes(session)
    _serve_static(app)
    _load_actor(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in CLI:
        app.cli.add_command(commands.in_words(command))
    events.subscribe_all(EVENTS)
    jobs.register_handlers(JOBS)
    register_tuning(TUNING)
    search.register_feed(FEED)
    merging.register_rules(MERGE)
    app.extensions["make_app"] = create_app  # for processes that work beside this one
    app.extensions["per_meeting"] = PER_MEETING
    app.extensions["training_outcomes"] = OUTCOMES
    app.extensions["periodic_jobs"] = PERIODIC
    app.extensions["personal_data"] = PERSONAL_DATA
    app.extensions["erasers"] = ERASERS
    app.extensions["areas_of_person"] = AREAS_OF_PERSON
    app.extensions["letters"] = LETTERS
    app.extensions["start_notes"] = START_NOTES
    return app


def _configure(app: Flask, settings: Settings) -> None:
    # Commands on files work where nothing can be written.
    with suppress(OSError):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.resolved_secret_key(),
        SQLALCHEMY_DATABASE_URI=settings.resolved_database_url,
        # All rooms together send about a thousand different statements; fewer are compiled again.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "query_cache_size": 1_000},
        DATA_DIR=settings.data_dir,
        UPLOADS_DIR=settings.uploads_dir,
        PUBLIC_URL=settings.public_url,
        OFFICE_NAME=settings.office_name,
        ARGON2_TIME_COST=settings.argon2_time_cost,
        ARGON2_MEMORY_KIB=settings.argon2_memory_kib,
        JOBS_INLINE=settings.jobs_inline,
        TESTING=settings.testing,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=False,
    )
    app.url_map.converters["int"] = web.RowNumber
    # A misspelt name in a template is an error in tests, and an empty place on the screen in use.
    if settings.testing:
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _serve_static(app: Flask) -> None:
    folder = Path(app.root_path) / "static"
    assets = Assets.scan(folder)
    app.jinja_env.globals.update(assets.template_globals())

    @app.get("/static/<path:filename>", endpoint="static")
    @web.public
    def static(filename: str) -> Response:
        found = assets.resolve(filename)
        if found is None:
            raise NotFoundPage
        path, cache_control = found
        if path in assets.packed and request.accept_encodings["gzip"]:
            response = Response(assets.packed[path], mimetype=assets.content_type(path))
            response.headers["Content-Encoding"] = "gzip"
            response.vary.add("Accept-Encoding")
        else:
            response = send_from_directory(folder, path, max_age=None)
        response.headers["Cache-Control"] = cache_control
        return response


def load_actor() -> None:
    """Put the actor of this request into `g`; an ended session is nobody's."""
    g.actor = ANONYMOUS
    g.sign_in_session = None
    token = cookie.get(security.SESSION_COOKIE)
    running = accounts.find_session(token) if isinstance(token, str) else None
    if running is None:
        return
    person = accounts.get_person(running.person_id)
    if person.state is not PersonState.ACTIVE:
        return
    producers, outlets = businesses.ids_of_person(person.id)
    actor: Actor = accounts.actor_of(person, producer_ids=producers, outlet_ids=outlets)
    if running.acting_for_id is not None:
        # Asked again each time: a membership or an office may have ended since it was chosen.
        helped = businesses.get_business(running.acting_for_id)
        if business_policies.may_act_for(actor, helped):
            actor = replace(actor, acting_for=helped.id, acting_kind=helped.kind.value)
    g.actor, g.sign_in_session = actor, running
    if now() - running.last_seen_at > TOUCH_EVERY:
        with transaction():
            account_services.touch_session(running)


def _load_actor(app: Flask) -> None:
    @app.before_request
    def before() -> None:
        if request.endpoint != "static":
            load_actor()

    @app.context_processor
    def surroundings() -> dict[str, object]:
        return navigation()

    @app.teardown_request
    def after(_error: BaseException | None) -> None:
        session.remove()

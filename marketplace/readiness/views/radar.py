"""The certificate radar: what runs out, and what stops with it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.clock import now, today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import export_response
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.readiness import policies
from marketplace.readiness.documents import radar as documents
from marketplace.readiness.queries import radar as queries
from marketplace.readiness.rules import Horizon
from marketplace.readiness.services import telling
from marketplace.readiness.views.asked import area_asked, areas, own_area
from marketplace.readiness.views.blueprint import bp


def _horizon() -> Horizon | None:
    wanted = request.values.get("days", "")
    return next((each for each in Horizon if str(int(each)) == wanted), None)


def _area() -> str:
    return own_area() or area_asked() or current_actor().scope


@bp.get("/readiness/certificates")
@allow(policies.may_see_readiness)
def show_radar() -> ResponseReturnValue:
    area, horizon = _area(), _horizon()
    page = queries.page_of_running_out(area, horizon, today(), page_number())
    return render_template(
        "readiness/show_radar.html",
        page=page,
        rows=documents.radar_rows(page.items),
        counts=queries.count_running_out(area, today()),
        names=documents.horizon_names(),
        horizon=horizon,
        area=area,
        areas=areas(),
    )


@bp.get("/readiness/certificates/print")
@allow(policies.may_see_readiness)
def print_radar() -> ResponseReturnValue:
    area, horizon = _area(), _horizon()
    papers = queries.list_running_out(area, horizon, today(), limit=500)
    return render_template(
        "readiness/print_radar.html",
        rows=documents.radar_rows(papers),
        area=area,
        printed_at=now(),
    )


@bp.get("/readiness/certificates.<ending>")
@allow(policies.may_see_readiness)
def export_radar(ending: str) -> ResponseReturnValue:
    if ending not in {"xlsx", "csv"}:
        raise NotFound(N_("There is no such page."))
    papers = queries.list_running_out(_area(), _horizon(), today())
    columns, rows = documents.radar_table(documents.radar_rows(papers))
    return export_response(columns, rows, "surat-habis", ending)


@bp.post("/readiness/certificates/tell")
@allow(policies.may_tell_producers)
def tell_producers() -> ResponseReturnValue:
    """Letters for everything shown that nobody was told of yet."""
    area, horizon = _area(), _horizon()
    with transaction():
        papers = queries.list_running_out(area, horizon, today())
        written = telling.tell_of_expiry(actor=current_actor(), papers=papers)
    if written:
        flash(
            ngettext(
                "%(num)d letter lies in the tray.", "%(num)d letters lie in the tray.", written
            ),
            "success",
        )
    else:
        flash(_("Everybody was told before."))
    days = int(horizon) if horizon is not None else None
    return redirect(url_for(".show_radar", days=days, area=area or None))

"""The lists of deals to take along, narrowed as they are shown."""

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from marketplace.core.clock import today
from marketplace.deals import documents, policies, queries
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.views.blueprint import bp, whose
from marketplace.infra.downloads import export_response
from marketplace.infra.web import allow, current_actor


@bp.get("/deals.<any(xlsx, csv):ending>")
@allow(policies.may_list_deals)
def export_deals(ending: str) -> ResponseReturnValue:
    state, origin = request.args.get("state", ""), request.args.get("origin", "")
    wanted = whose(current_actor(), DealState(state) if state in set(DealState) else None)
    if origin in set(Origin):
        wanted = replace(wanted, origin=Origin(origin))
    columns, rows = documents.deals_table(queries.list_deals(wanted))
    return export_response(columns, rows, "kesepakatan", ending)


@bp.get("/deals/unpaid.<any(xlsx, csv):ending>")
@allow(policies.may_list_deals)
def export_unpaid(ending: str) -> ResponseReturnValue:
    found = queries.list_unpaid(whose(current_actor()))
    columns, rows = documents.unpaid_table(found, today())
    return export_response(columns, rows, "tagihan-belum-lunas", ending)

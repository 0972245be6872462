"""The lists of deals to take along, narrowed as they are shown."""

from flask.typing import ResponseReturnValue

from marketplace.core.clock import today
from marketplace.deals import documents, policies, queries
from marketplace.deals.views.blueprint import asked_for, bp, whose
from marketplace.infra.downloads import export_response
from marketplace.infra.web import allow, current_actor


@bp.get("/deals.<any(xlsx, csv):ending>")
@allow(policies.may_list_deals)
def export_deals(ending: str) -> ResponseReturnValue:
    columns, rows = documents.deals_table(queries.list_deals(asked_for()))
    return export_response(columns, rows, "kesepakatan", ending)


@bp.get("/deals/unpaid.<any(xlsx, csv):ending>")
@allow(policies.may_list_deals)
def export_unpaid(ending: str) -> ResponseReturnValue:
    found = queries.list_unpaid(whose(current_actor()))
    columns, rows = documents.unpaid_table(found, today())
    return export_response(columns, rows, "tagihan-belum-lunas", ending)

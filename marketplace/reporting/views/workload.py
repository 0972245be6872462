"""Who has how much to decide, how long it waits, and how many are decided a week."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts import queries as accounts
from marketplace.core.clock import now
from marketplace.infra.web import allow, current_actor
from marketplace.reporting import policies
from marketplace.reporting.views.blueprint import bp
from marketplace.suggestions.queries import holding
from marketplace.suggestions.rules import CASE_AIM

WEEKS = 8


@bp.get("/workload")
@allow(policies.may_see_workload)
def show_workload() -> ResponseReturnValue:
    moment, area = now(), current_actor().scope
    starts = [moment - timedelta(days=7 * (WEEKS - n)) for n in range(WEEKS)]
    loads = holding.loads(area, moment, CASE_AIM)
    return render_template(
        "reporting/show_workload.html",
        loads=loads,
        offices={office.id: office.name for office in accounts.list_offices()},
        cases=sum(load.cases for load in loads),
        late=sum(load.late for load in loads),
        oldest=min((load.oldest_at for load in loads), default=None),
        aim_days=CASE_AIM.days,
        decided=holding.decided_by_week(area, starts),
        starts=starts,
    )

"""One stall enters one figure: on its own phone by link, by account, or an officer for it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, DomainError
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import current_actor
from marketplace.programs import policies
from marketplace.programs.forms.turnover import TurnoverForm
from marketplace.programs.models import StallHolder
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import turnover as reads
from marketplace.programs.rules.turnover import (
    SOURCE_NAMES,
    AlreadyReported,
    AskedBack,
    Doubt,
    ReportSource,
    Standing,
)
from marketplace.programs.services import turnover as services
from marketplace.programs.views.pages import asked_day


def entry_page(
    holder: StallHolder,
    form: TurnoverForm,
    *,
    token: str = "",
    asked: AskedBack | None = None,
    standing: Standing | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The days of a stall and the box for one of them; `token` where it was opened by link."""
    days = queries.days_of(holder.program_id)
    day_on = asked_day(days)
    reports = {report.day_on: report for report in reads.reports_of_holder(holder.id)}
    known = reports.get(day_on)
    doubt: Doubt | None = asked.doubt if asked is not None else None
    page = render_template(
        "programs/enter_turnover.html",
        layout="_layout/plain.html" if token else "_layout/base.html",
        holder=holder,
        program=holder.program,
        days=days,
        day_on=day_on,
        day_there=next((day for day in days if day.day_on == day_on), None),
        reports=reports,
        known=known,
        form=form,
        token=token,
        doubt=doubt,
        standing=standing,
        source_names=SOURCE_NAMES,
        may_run=not token and policies.may_run_stall(current_actor(), holder),
        today=today(),
    )
    return page, status


def entered(
    holder: StallHolder, actor: Actor, source: ReportSource, token: str = ""
) -> ResponseReturnValue:
    """Keep what was sent, or say back what is odd or stands there already; nothing is lost."""
    form = TurnoverForm()
    day_on = asked_day(queries.days_of(holder.program_id))
    if not form.validate():
        return entry_page(holder, form, token=token, status=422)
    try:
        with transaction():
            services.enter_turnover(
                actor=actor,
                holder_id=holder.id,
                day_on=day_on,
                draft=form.draft(),
                source=source,
                sure_of=form.sure_of(),
                replaces=form.seen_version(),
            )
    except AskedBack as error:
        form.ask_again(sure=error.amount)
        return entry_page(queries.get_holder(holder.id), form, token=token, asked=error, status=422)
    except AlreadyReported as error:
        form.ask_again(sure=form.amount.data, seen=error.report.version)
        return entry_page(
            queries.get_holder(holder.id), form, token=token, standing=error.report, status=409
        )
    except Conflict as error:
        fresh = reads.find_report(holder.id, day_on)
        if fresh is None:
            raise
        form.ask_again(sure=form.amount.data, seen=fresh.version)
        standing = services.standing_of(fresh)
        return entry_page(
            queries.get_holder(holder.id),
            form,
            token=token,
            standing=standing,
            status=status_of(error),
        )
    except DomainError as error:
        form.refuse(error)
        return entry_page(queries.get_holder(holder.id), form, token=token, status=status_of(error))
    flash(_("Thank you. Your figure is noted.") if token else _("The figure is saved."), "success")
    if token:
        return redirect(url_for(".show_stall_by_link", token=token, day=day_on.isoformat()))
    return redirect(url_for(".enter_turnover", holder_id=holder.id, day=day_on.isoformat()))

"""A stall's own page from its signed link or code, without signing in.

A GET shows and changes nothing: chat programs open links by themselves to draw a preview.
"""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.infra.web import public
from marketplace.programs.documents.stall_links import holder_behind
from marketplace.programs.forms.turnover import TurnoverForm
from marketplace.programs.rules.turnover import ReportSource
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.entering import entered, entry_page
from marketplace.programs.views.leads import new_lead


@bp.get("/st/<token>")
@public
def show_stall_by_link(token: str) -> ResponseReturnValue:
    holder, _actor = holder_behind(token)
    if not holder.program.sells:
        return redirect(url_for(".add_lead_by_link", token=token))
    return entry_page(holder, TurnoverForm(formdata=None), token=token)


@bp.post("/st/<token>")
@public
def enter_by_link(token: str) -> ResponseReturnValue:
    holder, actor = holder_behind(token)
    return entered(holder, actor, ReportSource.PHONE, token)


@bp.route("/st/<token>/contact", methods=["GET", "POST"])
@public
def add_lead_by_link(token: str) -> ResponseReturnValue:
    """A contact made at the stall, written down while they stand there."""
    holder, actor = holder_behind(token)
    answer = new_lead(holder, actor, token)
    if request.method == "POST" and not isinstance(answer, tuple):
        flash(_("Thank you. The contact is noted; the office sees it too."), "success")
    return answer

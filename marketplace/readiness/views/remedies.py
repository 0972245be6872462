"""How gaps are closed: what producers are told, edited by the province."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.readiness import documents, policies, queries
from marketplace.readiness.documents.remedies import remedy_keys
from marketplace.readiness.forms import RemedyForm
from marketplace.readiness.rules import SHIPPED, GapKind
from marketplace.readiness.services import remedies as services
from marketplace.readiness.views.blueprint import bp


@bp.get("/readiness/remedies")
@allow(policies.may_see_rules)
def list_remedies() -> ResponseReturnValue:
    return render_template(
        "readiness/list_remedies.html",
        rows=[
            {**row, "name": documents.gap_name(row["kind"], row["detail"])}
            for row in documents.remedy_rows()
        ],
        may_change=policies.may_change_rules(current_actor()),
    )


@bp.route("/readiness/remedies/<gap>", methods=["GET", "POST"])
@allow(policies.may_change_rules)
def edit_remedy(gap: str) -> ResponseReturnValue:
    """The shipped text to begin with; what is saved takes its place."""
    kind, detail = _key(gap)
    form = RemedyForm(data=_present(kind, detail)) if request.method == "GET" else RemedyForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.write_remedy(
                        actor=current_actor(), kind=kind, detail=detail, draft=form.draft()
                    )
                flash(_("Saved. Producers read this from now on."), "success")
                return redirect(url_for(".list_remedies"))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
    name = documents.gap_name(kind, detail)
    return render_template("readiness/edit_remedy.html", form=form, name=name), status


def _key(gap: str) -> tuple[GapKind, str]:
    kind, _colon, detail = gap.partition(":")
    if (kind, detail) not in {(each.value, name) for each, name in remedy_keys()}:
        raise NotFound(N_("There is no such page."))
    return GapKind(kind), detail


def _present(kind: GapKind, detail: str) -> dict[str, object]:
    row = queries.find_remedy(kind, detail)
    if row is not None:
        return {name: getattr(row, name) for name in RemedyForm().draft().__slots__}
    shipped = SHIPPED.get((kind.value, detail))
    if shipped is None:
        return {}
    words = {"how": say(shipped.how), "why": say(shipped.why) if shipped.why else ""}
    return {**{name: getattr(shipped, name) for name in shipped.__slots__}, **words}

"""Programmes of all kinds in one list."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.infra.web import allow, page_number
from marketplace.programs import policies, queries
from marketplace.programs.rules import KIND_NAMES, LEVEL_NAMES, STATE_NAMES, ProgramKind
from marketplace.programs.views.blueprint import bp


@bp.get("/programs")
@allow(policies.may_list_programs)
def list_programs() -> ResponseReturnValue:
    asked = request.args.get("kind", "")
    kind = ProgramKind(asked) if asked in list(ProgramKind) else None
    return render_template(
        "programs/list_programs.html",
        page=queries.page_of_programs(kind, page_number()),
        kind=kind,
        kind_names=KIND_NAMES,
        level_names=LEVEL_NAMES,
        state_names=STATE_NAMES,
    )

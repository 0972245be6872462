"""Programmes of all kinds in one list."""

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.infra.web import allow, current_actor, page_number
from marketplace.programs import policies, queries
from marketplace.programs.rules import KIND_NAMES, LEVEL_NAMES, STATE_NAMES, ProgramKind
from marketplace.programs.views.blueprint import bp

# The page of one programme, by kind: endpoint and the name of its argument.
ADDRESSES: Mapping[ProgramKind, tuple[str, str]] = {
    ProgramKind.BAZAAR: ("programs.show_bazaar", "bazaar_id"),
    ProgramKind.EXPO: ("programs.show_bazaar", "bazaar_id"),
    ProgramKind.TRAINING: ("programs.show_training", "training_id"),
}


@bp.get("/programs")
@allow(policies.may_list_programs)
def list_programs() -> ResponseReturnValue:
    actor = current_actor()
    asked = request.args.get("kind", "")
    kind = ProgramKind(asked) if asked in list(ProgramKind) else None
    return render_template(
        "programs/list_programs.html",
        page=queries.page_of_programs(kind, page_number(), actor=actor),
        may_add=policies.may_add_program(actor),
        addresses=ADDRESSES,
        kind=kind,
        kind_names=KIND_NAMES,
        level_names=LEVEL_NAMES,
        state_names=STATE_NAMES,
    )

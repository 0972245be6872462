"""Background work of the room: compute outside, write briefly inside."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.core.clock import now, today
from marketplace.demand import queries as demand
from marketplace.infra import options
from marketplace.infra.jobs import Handler, Report
from marketplace.infra.transaction import transaction
from marketplace.readiness import guards, queries
from marketplace.readiness.services import measuring, rulebook, telling, trying

DAY = "readiness_day"
LETTERS_DAY = "expiry_letters_day"
_LOOK_EVERY = timedelta(minutes=10)
_last_look = [now() - _LOOK_EVERY]
_last_letters = [now() - _LOOK_EVERY]


def measure_need(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    """What stops the pairings of one need; repeated, it gives the same rows."""
    need_id = int(args["need_id"])
    rows = measuring.of_need(need_id)
    with transaction():
        return {"missed": measuring.replace_of_need(need_id, rows)}


def measure_product(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    product_id = int(args["product_id"])
    rows = measuring.of_product(product_id)
    with transaction():
        return {"missed": measuring.replace_of_product(product_id, rows)}


def measure_all(_args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """Every open need, one after the other; each is replaced in a transaction of its own."""
    needs = demand.open_need_ids()
    missed = 0
    with transaction():
        guards.forget_other_needs(needs)
    for done, need_id in enumerate(needs, 1):
        missed += int(measure_need({"need_id": need_id}, progress)["missed"])
        if done % 20 == 0 or done == len(needs):
            progress(done, len(needs))
    return {"needs": len(needs), "missed": missed}


def followed(handlers: Mapping[str, Handler]) -> Mapping[str, Handler]:
    """The engine's jobs, each followed by the measurement of what it has just judged.

    The measurement is a job of its own: where it fails, the suggestions stand.
    """
    after = {
        "suggest-need": lambda args: measuring.schedule_for_need(int(args["need_id"])),
        "suggest-product": lambda args: measuring.schedule_for_product(int(args["product_id"])),
        "suggest-all": lambda args: measuring.schedule_for_all(),
    }

    def follow(handler: Handler, then: Any) -> Handler:
        def run(args: Mapping[str, Any], progress: Report) -> Mapping[str, Any] | None:
            result = handler(args, progress)
            with transaction():
                then(args)
            return result

        return run

    return {
        kind: follow(handler, after[kind]) if kind in after else handler
        for kind, handler in handlers.items()
    }


def measure_daily() -> None:
    """For the worker's sweep: a new day brings new expiries, whichever worker sees it first."""
    if now() - _last_look[0] < _LOOK_EVERY:
        return
    _last_look[0] = now()
    day = today().isoformat()
    if options.get_text(DAY) == day:
        return
    with transaction():
        if options.turn(DAY, day):
            measuring.schedule_for_all()


def tell_daily() -> None:
    """For the worker's sweep: letters of papers that reach a step lie in the tray by themselves."""
    if now() - _last_letters[0] < _LOOK_EVERY:
        return
    _last_letters[0] = now()
    day = today().isoformat()
    if options.get_text(LETTERS_DAY) == day:
        return
    with transaction():
        if options.turn(LETTERS_DAY, day):
            telling.tell_of_new_steps()


def preview_rule(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    """Compute what a drafted change would do, outside; write it down briefly."""
    change_id = int(args["change_id"])
    found = trying.preview(queries.rule_of(queries.get_change(change_id)))
    with transaction():
        trying.keep_preview(queries.get_change(change_id), found)
    return {"opened": found["opened"], "closed": found["closed"]}


HANDLERS: Mapping[str, Handler] = {
    measuring.NEED_JOB: measure_need,
    measuring.PRODUCT_JOB: measure_product,
    measuring.ALL_JOB: measure_all,
    rulebook.PREVIEW_JOB: preview_rule,
}

"""Commands of deals: a supply plan from a file, without a database."""

import gc
import sys
from pathlib import Path
from time import perf_counter

import click
from flask.cli import with_appcontext

from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.infra.command_files import (
    check_output,
    heeding,
    read_text,
    stopping,
    tell_plan,
    write_text,
)
from marketplace.infra.i18n import in_language, say

# What is left of the time to write the answer down.
_TO_WRITE = 0.05


@click.command("plan-supply")
@click.option("--input", "source", required=True, type=click.Path(path_type=Path), help="JSON")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="JSON")
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3600),
    help="Most time to take, reading included; 10, or 2 where there is a current plan",
)
@click.option("--lang", default="id", show_default=True, type=click.Choice(["id", "en"]))
@with_appcontext
def plan_supply(source: Path, output: Path, seconds: float | None, lang: str) -> None:
    """Spread the capacity of producers over needs described in a file; needs no database."""
    begun = perf_counter()
    with in_language(lang), stopping():
        from marketplace.planning import supply  # the solver: only here
        from marketplace.planning.supply.files import read_task, write_plan

        gc.disable()  # hundreds of thousands of small values, none of them in a circle
        try:
            check_output(output, source)
            task, by_month = read_task(read_text(source))
            given = seconds or (2.0 if task.current else 10.0)
            left = given * (1 - _TO_WRITE) - (perf_counter() - begun)
            left = max(0.05, left)
            plan = heeding(
                lambda: supply.plan_supply(task, seconds=left), doing=N_("Planning"), seconds=left
            )
            write_text(output, write_plan(plan, task, say, lists=by_month))
            met = len(task.needs) - len({one.need for one in plan.missing})
            what = N_("Lots: %(lots)s. Needs met in full: %(met)s of %(needs)s.")
            told = say(what, {"lots": len(plan.lots), "met": met, "needs": len(task.needs)})
            tell_plan(told, plan.gap, output)
        except DomainError as error:
            click.echo(say(error.msgid, error.params), err=True)
            sys.exit(2)
        finally:
            gc.enable()


COMMANDS = (plan_supply,)

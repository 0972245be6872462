"""Commands of the temu bisnis: a timetable from a file, without a database."""

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


@click.command("plan-meetings")
@click.option("--input", "source", required=True, type=click.Path(path_type=Path), help="JSON")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="JSON")
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(0.1, 3600))
@click.option("--lang", default="id", show_default=True, type=click.Choice(["id", "en"]))
@with_appcontext
def plan_meetings(source: Path, output: Path, seconds: float, lang: str) -> None:
    """Make the timetable of an event described in a file; needs no database."""
    with in_language(lang), stopping():
        from marketplace.planning.timetable import plan_timetable  # the solver: only here
        from marketplace.planning.timetable.files import read, write_timetable

        started = perf_counter()  # reading takes of the same seconds
        try:
            check_output(output, source)
            reading = read(read_text(source))
            left = max(0.0, seconds - (perf_counter() - started))
            timetable = heeding(
                lambda: plan_timetable(reading.event, seconds=left),
                doing=N_("Planning"),
                seconds=left,
            )
            write_text(output, write_timetable(timetable, reading.event, say, reading))
            placed, asked = len(timetable.meetings), len(reading.event.requests)
            what = N_("Requests with a place: %(placed)s of %(asked)s.")
            told = say(what, {"placed": placed, "asked": asked})
            tell_plan(told, timetable.gap, output)
        except DomainError as error:
            click.echo(say(error.msgid, error.params), err=True)
            sys.exit(2)


COMMANDS = (plan_meetings,)

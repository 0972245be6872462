"""The commands that fill a database with demonstration data."""

import sys
from collections.abc import Callable, Sequence
from functools import partial

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.core.clock import today
from marketplace.demand import queries as demand
from marketplace.demo.rules import dataset, large
from marketplace.demo.services import bazaar_story, courses, filling, gathering
from marketplace.demo.services import story as tale
from marketplace.infra.commands import tell_step
from marketplace.infra.jobs import Handler
from marketplace.infra.transaction import transaction
from marketplace.readiness.jobs import measure_all
from marketplace.regions.queries import regions_by_code
from marketplace.suggestions.jobs.computing import suggest_all

LARGE_SEED = 19


# A thing that is played on the seeded market. It is given what keeps that it was done, to be called
# in its last transaction.
Step = Callable[[Callable[[], None]], None]


def story(told: str, *plays: Callable[[], None]) -> Step:
    """A step in one transaction."""

    def play(keep: Callable[[], None]) -> None:
        tell_step(told)
        with transaction():
            for each in plays:
                each()
            keep()

    return play


def work(told: str, job: Handler) -> Step:
    """A step over every open need, in transactions of its own; repeated it gives the same rows."""

    def play(keep: Callable[[], None]) -> None:
        needs = len(demand.open_need_ids())
        with click.progressbar(length=needs, label=told, file=sys.stderr) as bar:
            job({}, lambda done, _total: bar.update(done - bar.pos))
        with transaction():
            keep()

    return play


STEPS = (
    work("Finding who fits whom, need by need", suggest_all),
    story("Playing an introduction, a deal and its orders", tale.play),
    story("Inviting to a business meeting", gathering.play),
    story("Holding trainings and bazaars", courses.play, bazaar_story.play),
    # What stops the others: the room above the engine measures it, as its daily job does.
    work("Measuring what the others lack, need by need", measure_all),
)


def take(steps: Sequence[Step]) -> None:
    """Take the steps not taken before, each told first: nobody waits before a silent terminal."""
    for number in range(filling.steps_taken(), len(steps)):
        steps[number](partial(filling.keep_steps, number + 1))


@click.command("seed")
@click.option("--size", type=click.Choice(["demo", "large"]), default="demo", show_default=True)
@click.option("--once", is_flag=True, help="With data there: only finish what was cut off.")
@with_appcontext
def seed(size: str, once: bool) -> None:
    """Fill in demonstration data, all of it marked as an example."""
    if filling.is_seeded():
        if not once:
            raise click.ClickException("Demonstration data are already there.")
        if filling.was_cut_off(len(STEPS)):
            take(STEPS)
        return
    if not regions_by_code():
        raise click.ClickException("The facts are missing: run `flask load-facts` first.")
    tell_step("Writing demonstration data, this once")
    data = large(LARGE_SEED, today()) if size == "large" else dataset(today())
    with transaction():
        counts = filling.seed(data, with_accounts=True)
        filling.keep_steps(0 if size == "demo" else len(STEPS))
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    take(STEPS)


def sign_in_notes() -> Sequence[str]:
    """Who can sign in on a demonstration, for the lines printed at start."""
    with current_app.app_context():
        if not filling.is_seeded():
            return ()
    return (
        "Data contoh. Masuk dengan:",
        *(f"  {login:<22} {who}" for login, who in filling.SIGN_INS),
        f"  kata sandi untuk semua: {filling.PASSWORD}",
    )


COMMANDS = (seed,)

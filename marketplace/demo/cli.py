"""The commands that fill a database with demonstration data."""

import sys
from collections.abc import Sequence

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.core.clock import today
from marketplace.demand import queries as demand
from marketplace.demo.rules import dataset, large
from marketplace.demo.services import bazaar_story, courses, filling, gathering, story
from marketplace.infra.transaction import transaction
from marketplace.readiness.jobs import measure_all
from marketplace.regions.queries import regions_by_code
from marketplace.suggestions.jobs.computing import suggest_all as compute_all

LARGE_SEED = 19


@click.command("seed")
@click.option("--size", type=click.Choice(["demo", "large"]), default="demo", show_default=True)
@click.option("--once", is_flag=True, help="Do nothing where data were seeded before.")
@with_appcontext
def seed(size: str, once: bool) -> None:
    """Fill in demonstration data, all of it marked as an example."""
    if filling.is_seeded():
        if once:
            return
        raise click.ClickException("Demonstration data are already there.")
    if not regions_by_code():
        raise click.ClickException("The facts are missing: run `flask load-facts` first.")
    data = large(LARGE_SEED, today()) if size == "large" else dataset(today())
    with transaction():
        counts = filling.seed(data, with_accounts=True)
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    if size == "demo":
        _suggest_all()
        with transaction():
            story.play()
        with transaction():
            gathering.play()
        with transaction():
            courses.play()
            bazaar_story.play()
        _measure_all()


def _suggest_all() -> None:
    with click.progressbar(length=len(demand.open_need_ids()), file=sys.stderr) as bar:
        compute_all({}, lambda done, _total: bar.update(done - bar.pos))


def _measure_all() -> None:
    """What stops the others: the room above the engine measures it, as its daily job does."""
    measure_all({}, lambda _done, _total: None)


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

"""Commands of the service as a whole."""

from importlib import import_module
from importlib.util import find_spec

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.infra.queue import serve_queue
from marketplace.infra.transaction import transaction

# Rooms that bring facts of their own, in the order of their keys.
FACTS = ("marketplace.regions.services", "marketplace.commodities.services")


def fill_facts() -> int:
    """Write regions, categories and words where they are missing; returns the number of new rows."""
    with transaction():
        return sum(
            import_module(room).load_facts() or 0 for room in FACTS if find_spec(room) is not None
        )


@click.command("load-facts")
@with_appcontext
def load_facts() -> None:
    """Fill the tables of regions, categories and words; run again it adds what is new."""
    click.echo(f"facts: {fill_facts()} new rows")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs until told to stop."""
    serve_queue(current_app._get_current_object())  # type: ignore[attr-defined]


COMMANDS = (load_facts, worker)

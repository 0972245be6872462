"""Commands of the service as a whole."""

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.infra.queue import serve_queue


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs until told to stop."""
    serve_queue(current_app._get_current_object())  # type: ignore[attr-defined]


COMMANDS = (worker,)

"""Commands of the service as a whole."""

import sys

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from marketplace.commodities import services as commodities
from marketplace.infra import serve as server
from marketplace.infra.commands import tell_step
from marketplace.infra.config import Settings
from marketplace.infra.transaction import transaction
from marketplace.regions import services as regions


def fill_facts() -> int:
    """Write regions, categories and words where they are missing; returns how many changed."""
    with transaction():
        return regions.load_facts() + commodities.load_facts()


@click.command("load-facts")
@with_appcontext
def load_facts() -> None:
    """Fill the tables of regions, categories and words; run again it adds what is new."""
    click.echo(f"facts: {fill_facts()} rows changed")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs until told to stop."""
    from marketplace.infra.queue import serve_queue  # its library takes long: only the worker waits

    serve_queue(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("serve")
@click.option("--prepare", is_flag=True, help="Migrate the database and load the facts first.")
@click.option("--demo", is_flag=True, help="Also fill in demonstration data, once.")
@with_appcontext
def serve(prepare: bool, demo: bool) -> None:
    """Serve the site and run its background work until told to stop."""
    settings: Settings = current_app.config["SETTINGS"]
    if not current_app.secret_key:
        raise click.ClickException(
            f"{settings.data_dir} cannot be written. Name another folder with DATA_DIR."
        )
    if not server.port_is_free(settings.listen_on, settings.port):
        raise click.ClickException(
            f"Port {settings.port} is in use. Choose another, for example PORT={settings.port + 1}."
        )
    if prepare or demo:
        tell_step("Bringing the database to this version")
        flask_migrate.upgrade()
        tell_step("Loading regions, categories and words")
        fill_facts()
    if demo:
        current_app.cli.commands["seed"].main(["--once"], standalone_mode=False)
    tell_step("Starting the site")
    sys.exit(server.serve(settings, on_ready=lambda: _announce(settings)))


@click.command("reindex")
@with_appcontext
def reindex() -> None:
    """Build the search index anew from the database; the service goes on answering."""
    from marketplace.infra import search  # numpy and the kernels: only here

    count = search.reindex()
    if count is None:
        raise click.ClickException("Another process is writing the index at this moment.")
    click.echo(f"index: {count} products")


def _announce(settings: Settings) -> None:
    click.echo(f"\nTemu Gerai: {settings.public_url or f'http://localhost:{settings.port}'}")
    for note in current_app.extensions["start_notes"]:
        for line in note():
            click.echo(line)
    click.echo("Stop: Ctrl-C\n")


COMMANDS = (load_facts, reindex, worker, serve)

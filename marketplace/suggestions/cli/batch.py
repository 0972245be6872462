"""Compute everything at once: on this machine, or on as many as there are."""

import os
import re
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.core.clock import now
from marketplace.suggestions.jobs import running
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.rules import ShardState
from marketplace.suggestions.services.shards import NEEDS_PER_SHARD


@click.command("suggest-all")
@click.option(
    "--scheduler",
    callback=lambda context, option, told: _address(told),
    help="address of a dask scheduler, such as tcp://10.0.0.1:8786",
)
@click.option(
    "--jobs",
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    type=click.IntRange(1, 256),
    help="processes of this machine, where no scheduler is named",
)
@click.option("--run", "name", help="begin the run of this name, or go on with it")
@click.option("--resume", is_flag=True, help="go on with the newest run that did not end")
@click.option(
    "--work-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="folder of the indexes, which every worker sees under this name",
)
@click.option(
    "--needs-per-shard", default=NEEDS_PER_SHARD, show_default=True, type=click.IntRange(1)
)
@with_appcontext
def suggest_all(
    scheduler: str | None,
    jobs: int,
    name: str | None,
    resume: bool,
    work_dir: Path | None,
    needs_per_shard: int,
) -> None:
    """Compute the suggestions of every open need, in shards that can be done anywhere."""
    runs = (work_dir or Path(current_app.config["DATA_DIR"]) / "runs").resolve()
    try:
        runs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The folder {runs} cannot be made.") from error
    run_id = _run(name, resume, needs_per_shard)
    folder = runs / str(run_id)
    with click.progressbar(length=1, label="suggest-all", file=sys.stderr) as bar:

        def report(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        summary = running.bring_to_end(
            run_id, folder=folder, scheduler=scheduler, jobs=jobs, report=report
        )
    click.echo(
        f"{summary.name}: {summary.needs} needs in {sum(summary.shards.values())} shards,"
        f" {summary.found} pairings, {summary.added} of them new"
    )
    if not summary.is_done:
        failed = summary.shards[ShardState.FAILED]
        click.echo(f"{failed} shards failed; try them again with --run {summary.name}", err=True)
        sys.exit(1)


def _address(told: str | None) -> str | None:
    if told is not None and not re.fullmatch(r"(\w+://)?[^\s/]+:\d+", told):
        raise click.BadParameter("write the address like tcp://10.0.0.1:8786")
    return told


def _run(name: str | None, resume: bool, needs_per_shard: int) -> int:
    if resume:
        unfinished = queries.find_unfinished_run()
        if unfinished is None:
            raise click.ClickException("There is no run to go on with.")
        return unfinished.id
    return running.begin(name or now().isoformat(timespec="seconds"), needs_per_shard)

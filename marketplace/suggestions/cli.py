"""Commands of the engine: match files without a database, rebuild what is suggested."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from marketplace.core.errors import DomainError
from marketplace.infra.i18n import in_language, say


@click.command("match-list")
@click.option(
    "--offers", required=True, type=click.Path(path_type=Path), help="CSV, CSV.gz or XLSX"
)
@click.option("--needs", required=True, type=click.Path(path_type=Path), help="CSV, CSV.gz or XLSX")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100_000))
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), help="CSV, CSV.gz or XLSX"
)
@click.option("--timing", type=click.Path(path_type=Path), help="write figures as JSON")
@click.option("--explain", is_flag=True, help="add near misses with the rule that removed them")
@click.option("--lang", default="id", show_default=True, type=click.Choice(["id", "en"]))
@with_appcontext
def match_list(
    offers: Path,
    needs: Path,
    top: int,
    output: Path,
    timing: Path | None,
    explain: bool,
    lang: str,
) -> None:
    """Match a file of needs against a file of offers; needs no database."""
    from marketplace.matching.listmatch import match_list as run  # numpy and the index: only here

    try:
        with in_language(lang):
            figures = run(
                offers,
                needs,
                top=top,
                output=output,
                explain=explain,
                say=say,
                warn=lambda text: click.echo(text, err=True),
            )
    except DomainError as error:
        with in_language(lang):
            click.echo(say(error.msgid, error.params), err=True)
        sys.exit(2)
    if timing is not None:
        timing.write_text(json.dumps(figures, indent=2), encoding="utf-8")


COMMANDS = (match_list,)

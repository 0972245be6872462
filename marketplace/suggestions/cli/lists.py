"""Match one file against another; needs no database."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.infra.command_files import check_output, stopping
from marketplace.infra.i18n import in_language, say
from marketplace.suggestions.services.world import fact_world

if TYPE_CHECKING:
    from marketplace.matching.listmatch import Done
    from marketplace.matching.listrows import Problem


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
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="processes; one for each core where needs are many"
)
@click.option("--lang", default="id", show_default=True, type=click.Choice(["id", "en"]))
@with_appcontext
def match_list(
    offers: Path,
    needs: Path,
    top: int,
    output: Path,
    timing: Path | None,
    explain: bool,
    jobs: int | None,
    lang: str,
) -> None:
    """Match a file of needs against a file of offers; needs no database."""
    with in_language(lang), stopping():
        # numpy and the index: only here
        from marketplace.matching.listmatch import match_list as run
        from marketplace.suggestions.services.list_meanings import list_meanings

        try:
            check_output(output, offers, needs)
            if timing is not None:
                check_output(timing, offers, needs, output)
            with _Bars() as bars:
                done = run(
                    offers,
                    needs,
                    output,
                    world=fact_world(),
                    top=top,
                    timing=timing,
                    explain=explain,
                    jobs=jobs,
                    translate=say,
                    progress=bars.show,
                    meanings=list_meanings(),
                    report=lambda problem: bars.tell(_told(problem)),
                )
            for sentence in _summary(done, output):
                click.echo(sentence, err=True)
        except DomainError as error:
            click.echo(say(error.msgid, error.params), err=True)
            sys.exit(2)


def _summary(done: "Done", output: Path) -> Iterator[str]:
    """What came of it, for who does not read figures files."""
    yield say(
        N_(
            "Needs: %(needs)s, offers: %(offers)s. Needs with a match: %(matched)s; with offers"
            " that may be something else: %(unsure)s; with none that fits: %(without)s."
        ),
        {
            "needs": done.timing.needs,
            "offers": done.timing.offers,
            "matched": done.matched,
            "unsure": done.unsure,
            "without": done.without,
        },
    )
    if done.left_out:
        yield say(N_("Rows left out, each named above: %(count)s."), {"count": done.left_out})
    if done.has_papers:
        yield say(N_("Papers count as the file of offers tells them: nobody has checked them."))
    yield say(N_("The result is in %(name)s."), {"name": str(output)})


class _Bars:
    """A bar on stderr for each thing that is done, one after the other."""

    def __init__(self) -> None:
        self._bars = ExitStack()
        self._doing = ""

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *raised: object) -> None:
        self._bars.close()

    def show(self, doing: str, done: int, total: int) -> None:
        if doing != self._doing:
            self._bars.close()
            bar = click.progressbar(length=total, label=say(doing, {}), file=sys.stderr)
            self._doing, self._bar = doing, self._bars.enter_context(bar)
        self._bar.update(done - self._bar.pos)

    def tell(self, sentence: str) -> None:
        """Say something in between, on a line of its own."""
        if self._doing and sys.stderr.isatty():
            sentence = f"\r\x1b[K{sentence}"
        click.echo(sentence, err=True)


def _told(problem: "Problem") -> str:
    """A bad row by its number."""
    if not problem.row:
        return f"{problem.file}: {say(problem.msgid, problem.params)}"
    where = say(
        N_("%(file)s, row %(row)s, column %(column)s"),
        {"file": problem.file, "row": str(problem.row), "column": problem.column},
    )
    return f"{where}: {say(problem.msgid, problem.params)}"

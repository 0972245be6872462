"""Commands say in a sentence what stands in their way."""

from copy import copy
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from marketplace.core.errors import DomainError
from marketplace.infra.i18n import say


def tell_step(sentence: str) -> None:
    """Say on stderr what a long command does next."""
    click.echo(f"{sentence} ...", err=True)


def in_words(command: click.Command) -> click.Command:
    """The same command; what a person can put right is told without a traceback."""
    run = command.callback
    if run is None:
        return command

    @wraps(run)
    def told(*args: Any, **options: Any) -> Any:
        try:
            return run(*args, **options)
        except DomainError as error:
            raise click.ClickException(say(error.msgid, error.params)) from error
        except (OperationalError, ProgrammingError) as error:
            why = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(
                f"The database cannot be used: {why}. Is DATABASE_URL right, the server up, and"
                " the database brought to this version with `flask db upgrade`?"
            ) from error

    same = copy(command)
    same.callback = told
    return same

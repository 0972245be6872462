"""Commands that need the database say in a sentence when it is not there."""

from copy import copy
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError


def in_words(command: click.Command) -> click.Command:
    """The same command; where the database cannot be used it says so and what helps."""
    run = command.callback
    if run is None:
        return command

    @wraps(run)
    def told(*args: Any, **options: Any) -> Any:
        try:
            return run(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            why = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(
                f"The database cannot be used: {why}. Is DATABASE_URL right, the server up, and"
                " the database brought to this version with `flask db upgrade`?"
            ) from error

    same = copy(command)
    same.callback = told
    return same

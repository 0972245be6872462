"""Commands of accounts."""

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.accounts import services
from marketplace.accounts.rules import OfficeRole
from marketplace.accounts.services import PersonDraft
from marketplace.core.actor import SYSTEM
from marketplace.core.errors import InvalidInput
from marketplace.core.phones import parse_whatsapp
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.regions.rules import HOME_PROVINCE


@click.command("add-administrator")
@click.argument("name")
@click.argument("whatsapp")
@with_appcontext
def add_administrator(name: str, whatsapp: str) -> None:
    """Make the first account: NAME may hand out all others. Prints a one-time code."""
    try:
        phone = parse_whatsapp(whatsapp).e164
    except InvalidInput as error:
        raise click.BadParameter(say(error.msgid, error.params)) from error
    with transaction():
        office = services.open_offices(
            actor=SYSTEM, name=current_app.config["OFFICE_NAME"], province_code=HOME_PROVINCE
        )
        person = services.add_person(actor=SYSTEM, draft=PersonDraft(name, phone))
        services.give_office_role(
            actor=SYSTEM, person=person, office_id=office.id, role=OfficeRole.ADMINISTRATOR
        )
        code = services.issue_code(actor=SYSTEM, person=person)
    click.echo(f"{code[:5]}-{code[5:]}")


COMMANDS = (add_administrator,)

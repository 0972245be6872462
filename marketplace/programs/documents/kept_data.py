"""What programmes keep of who asks to be erased, on the page of the request."""

from markupsafe import Markup

from marketplace.accounts.models import DataRequest
from marketplace.infra.web import current_actor, page_part
from marketplace.programs import policies
from marketplace.programs.queries.by_phone import Kept, kept_of


def kept_in_programs(asked: DataRequest) -> Markup:
    """The part of the page, for who may carry the request out; needs its person loaded."""
    if not policies.may_erase_person(current_actor(), asked):
        return Markup("")
    kept = kept_of(asked.person)
    actor, found = current_actor(), len(kept.sign_ups) + len(kept.leads) + len(kept.holders)
    # What another province runs is erased too, and not shown.
    shown = Kept(
        [each for each in kept.sign_ups if policies.may_run_program(actor, each.training.program)],
        [each for each in kept.leads if policies.may_run_program(actor, each.program)],
        [each for each in kept.holders if policies.may_run_program(actor, each.program)],
    )
    elsewhere = found - len(shown.sign_ups) - len(shown.leads) - len(shown.holders)
    return page_part("programs/_kept.html", kept=shown, elsewhere=elsewhere, asked=asked)

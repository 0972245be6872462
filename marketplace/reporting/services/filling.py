"""Take over what another system says, field by field as an officer accepted it."""

from collections.abc import Sequence
from dataclasses import replace

from marketplace.audit import services as audit
from marketplace.businesses import policies as businesses
from marketplace.businesses import queries as register
from marketplace.businesses import services
from marketplace.businesses.rules import BusinessDraft, PaperDraft, PaperKind
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict
from marketplace.core.kbli import read_kbli
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.reporting.rules.filling import Difference, Field

_KINDS = {Field.PIRT: PaperKind.PIRT, Field.MD: PaperKind.MD, Field.HALAL: PaperKind.HALAL}


def take_over(
    *, actor: Actor, business_id: int, version: int, accepted: Sequence[Difference]
) -> None:
    """Change one business; Conflict where it was changed since the officer saw it.

    Papers are entered, not verified: another system's word is looked at like any other.
    """
    business = register.get_business(business_id)
    require(businesses.is_of_office(actor, business))
    if business.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    draft = BusinessDraft(
        kind=business.kind,
        name=business.name,
        region_code=business.region_code,
        address=business.address,
        about=business.about,
        contact_name=business.contact_name,
        phone=business.phone,
        nib=business.nib or "",
        outlet_format=business.outlet_format,
        is_chain=business.is_chain,
    )
    changed = draft
    for one in accepted:
        if one.field is Field.NAME:
            changed = replace(changed, name=one.theirs)
        elif one.field is Field.ADDRESS:
            changed = replace(changed, address=one.theirs)
        elif one.field is Field.REGION:
            changed = replace(changed, region_code=one.theirs)
        elif one.field is Field.KBLI:
            # Added to ours: many tables give the main one only.
            both = dict.fromkeys((*register.kbli_of(business.id), *read_kbli(one.theirs)))
            changed = replace(changed, kbli=tuple(both))
    if changed != draft:
        services.change_business(actor=actor, business=business, draft=changed, version=version)
    else:
        # A new version all the same: the ticks of this page, sent once more, enter no paper twice.
        business.updated_at = now()
        session.flush()
    for one in accepted:
        if one.field in _KINDS:
            paper = PaperDraft(_KINDS[one.field], one.theirs, valid_to=one.until)
            services.add_paper(actor=actor, business=business, draft=paper)
    audit.record(
        actor, "business.filled", business, fields=sorted({one.field.value for one in accepted})
    )

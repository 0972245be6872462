"""The message with which an officer asks a producer for a paper nobody has spoken of."""

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PAPER_NAMES, PaperKind
from marketplace.core.phones import whatsapp_link
from marketplace.core.text import N_
from marketplace.infra.i18n import say


def paper_name(paper: PaperKind) -> str:
    return say(PAPER_NAMES[paper])


def ask_link(business: Business, paper: PaperKind, needs: int) -> str | None:
    """A WhatsApp chat with the question written; None where the number is none for WhatsApp."""
    text = say(
        N_(
            "Good day. Open needs (%(needs)s) ask for this paper: %(paper)s. Do your products have"
            " it? If so, please send us a photo; if not, we help you to get it."
        ),
        {"paper": paper_name(paper), "needs": str(needs)},
    )
    return whatsapp_link(business.phone, text) if business.phone else None

"""How the steps of the trail read: action -> words. A step without words shows its code."""

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.core.text import N_

ACTION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "branch.added": N_("Branch added"),
        "branch.changed": N_("Branch changed"),
        "branch.closed": N_("Branch closed"),
        "branch.reopened": N_("Branch opened again"),
        "business.acted_for": N_("An officer began to act in your name"),
        "business.changed": N_("Business data changed"),
        "business.figures_declared": N_("Sales and capital declared"),
        "business.figures_seen": N_("The office looked at sales and capital"),
        "business.member_added": N_("Person added"),
        "business.member_removed": N_("Person removed"),
        "business.merged": N_("Another entry of the register joined into this one"),
        "business.merged_away": N_("Joined into another entry of the register"),
        "business.not_same": N_("Said not to be the same as another entry"),
        "business.parted": N_("Joining of two entries undone"),
        "business.registered": N_("Business registered"),
        "introduction.agreed": N_("Introduction agreed to"),
        "introduction.declined": N_("Introduction declined"),
        "introduction.opened": N_("Introduction opened"),
        "introduction.undone": N_("Introduction taken back"),
        "message.sent": N_("Message marked as sent"),
        "need.added": N_("Need added"),
        "need.changed": N_("Need changed"),
        "need.closed": N_("Need closed"),
        "need.opened": N_("Need published"),
        "need.paused": N_("Need paused"),
        "paper.changed": N_("Paper corrected"),
        "paper.entered": N_("Paper handed in"),
        "paper.rejected": N_("Paper rejected"),
        "paper.revoked": N_("Paper revoked"),
        "paper.verified": N_("Paper checked"),
        "product.added": N_("Product added"),
        "product.changed": N_("Product changed"),
        "product.paused": N_("Product paused"),
        "product.published": N_("Product published"),
        "product.withdrawn": N_("Product withdrawn"),
        "settings.changed": N_("Settings changed"),
        "suggestion.computed": N_("Computed by the engine"),
        "suggestion.withdrawn": N_("Left the queue: no longer on offer, or no longer fitting"),
        "introduction.expired": N_("Introduction ended without an answer"),
        "suggestion.accepted": N_("accepted the pairing"),
        "suggestion.asked_for": N_("asked for the pairing"),
        "suggestion.comment": N_("wrote a comment"),
        "suggestion.due_again": N_("came back into the queue"),
        "suggestion.forward": N_("forwarded to the province"),
        "exposure.ended": N_("Cap and floor taken away"),
        "exposure.set": N_("Cap and floor set"),
        "suggestion.held_back": N_("held back by the producer's cap"),
        "suggestion.lifted": N_("let the pairing pass the cap"),
        "suggestion.overridden": N_("set an exclusion aside"),
        "suggestion.postponed": N_("postponed the pairing"),
        "suggestion.raised": N_("Proposed by the floor"),
        "suggestion.released": N_("has a place under the cap again"),
        "suggestion.rejected": N_("rejected the pairing"),
        "suggestion.reopened": N_("put the pairing back into the queue"),
    }
)


def action_name(action: str) -> str:
    return ACTION_NAMES.get(action, action)

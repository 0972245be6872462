"""What the office of the demonstration has already done: a few decisions, one of them a story.

At an expo the UMKM "Dua Sehati" promised to fill outlets across Jabodetabek and Sumatra. Here that
commitment is an accepted pairing over all those places, agreed by both sides.
"""

from datetime import timedelta

from marketplace.accounts import queries as accounts
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import today
from marketplace.demo import queries
from marketplace.demo.services import deal_story
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.rules import RejectReason, Side
from marketplace.suggestions.services import deciding, introducing

STORY_NAME = "Dua Sehati"


def play() -> None:
    """Decide on some suggestions as the demonstration's officer; call inside a transaction."""
    person = accounts.find_person_by_login("petugas@contoh.id")
    if person is None:
        return
    officer = accounts.actor_of(accounts.get_person(person.id))
    told = queries.story_suggestion(STORY_NAME)
    if told is not None:
        introduction = deciding.accept(actor=officer, suggestion=suggestions.get_suggestion(told))
        introduction = suggestions.get_introduction(introduction.id)
        for side in Side:
            subject = introducing.link_subject(introduction.id, side)
            introducing.agree(
                actor=Actor(ActorKind.LINK, link_subject=subject),
                introduction=introduction,
                side=side,
            )
    deal_story.play(officer, STORY_NAME)
    first, second, third, fourth, fifth = queries.some_suggestions(5)
    deciding.accept(actor=officer, suggestion=suggestions.get_suggestion(first))
    deciding.accept(actor=officer, suggestion=suggestions.get_suggestion(second))
    deciding.reject(
        actor=officer,
        suggestion=suggestions.get_suggestion(third),
        reason=RejectReason.NOT_THE_GOODS,
        note="Gerai mencari rasa lain.",
    )
    deciding.reject(
        actor=officer, suggestion=suggestions.get_suggestion(fourth), reason=RejectReason.CAPACITY
    )
    deciding.postpone(
        actor=officer,
        suggestion=suggestions.get_suggestion(fifth),
        until=today() + timedelta(days=14),
    )

"""WhatsApp texts of temu bisnis, written anew each time the tray is opened."""

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.core.clock import now
from marketplace.infra.links import public_url, sign
from marketplace.meetings import queries
from marketplace.meetings.documents import own_part
from marketplace.meetings.models import Participant
from marketplace.meetings.rules import RequestState, Side
from marketplace.notifications.models import OutboxMessage

PARTICIPANT_LINK = "meeting-participant"
REQUEST_LINK = "meeting-request"


def participant_link(participant: Participant) -> str:
    """The address that is theirs alone: everything asked of them, and their meetings."""
    token = sign(PARTICIPANT_LINK, [participant.id])
    return public_url(url_for("meetings.show_invitation", token=token))


def request_link(request_id: int, side: Side) -> str:
    token = sign(REQUEST_LINK, [request_id, side.value])
    return public_url(url_for("meetings.answer_by_link", token=token))


def participant_letter(message: OutboxMessage) -> str:
    participant = queries.get_participant(int(message.params["participant_id"]))
    waiting = [
        one
        for one in queries.requests_of_participant(participant)
        if one.state is RequestState.ASKED and one.agreed_at(participant.side) is None
    ]
    with force_locale(message.locale):
        return render_template(
            f"mail/meetings/{message.kind}.txt",
            participant=participant,
            event=participant.event,
            waiting=waiting,
            meetings=queries.to_come_of(participant.event_id, participant.business_id, now()),
            other_of=own_part.other_of,
            office_name=current_app.config["OFFICE_NAME"],
            link=participant_link(participant),
        ).strip()


def request_letter(message: OutboxMessage) -> str:
    side = Side(message.params["side"])
    request = queries.get_request(int(message.params["request_id"]))
    own = request.producer if side is Side.PRODUCER else request.buyer
    needs = queries.open_needs_of([request.buyer_id])
    with force_locale(message.locale):
        return render_template(
            f"mail/meetings/{message.kind}.txt",
            request=request,
            line=own_part.request_line(request, side, is_over=False, needs=needs),
            own=own,
            way=own_part.way_name(request),
            office_name=current_app.config["OFFICE_NAME"],
            link=request_link(request.id, side),
        ).strip()


def meeting_letter(message: OutboxMessage) -> str:
    side = Side(message.params["side"])
    meeting = queries.get_meeting(int(message.params["meeting_id"]))
    own = meeting.producer if side is Side.PRODUCER else meeting.buyer
    with force_locale(message.locale):
        return render_template(
            f"mail/meetings/{message.kind}.txt",
            meeting=meeting,
            own=own,
            other=own_part.other_of(meeting, side),
            contact=own_part.contact_of(meeting, side),
            way=own_part.way_name(meeting),
            office_name=current_app.config["OFFICE_NAME"],
            link=request_link(meeting.request_id, side),
        ).strip()

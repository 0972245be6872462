"""How the codes of temu bisnis read."""

from collections.abc import Mapping

from marketplace.core.text import N_
from marketplace.meetings.rules.states import (
    DeclineReason,
    EventKind,
    EventState,
    MeetingState,
    MeetingWay,
    NoShow,
    PairWish,
    ParticipantState,
    RequestState,
    RunKind,
    Side,
)

EVENT_KIND_NAMES: Mapping[EventKind, str] = {
    EventKind.OWN: N_("the office's own event"),
    EventKind.EXPO: N_("at an expo or bazaar"),
}
EVENT_STATE_NAMES: Mapping[EventState, str] = {
    EventState.DRAFT: N_("being prepared"),
    EventState.OPEN: N_("invitations are out"),
    EventState.RUNNING: N_("under way"),
    EventState.CLOSED: N_("over"),
}
SIDE_NAMES: Mapping[Side, str] = {Side.PRODUCER: N_("producer"), Side.BUYER: N_("buyer")}
PARTICIPANT_STATE_NAMES: Mapping[ParticipantState, str] = {
    ParticipantState.INVITED: N_("no answer yet"),
    ParticipantState.CONFIRMED: N_("comes"),
    ParticipantState.DECLINED: N_("does not come"),
    ParticipantState.WALK_IN: N_("came uninvited"),
}
WISH_NAMES: Mapping[PairWish, str] = {
    PairWish.MUST: N_("must meet"),
    PairWish.MUST_NOT: N_("must not meet"),
}
REQUEST_STATE_NAMES: Mapping[RequestState, str] = {
    RequestState.ASKED: N_("waits for answers"),
    RequestState.AGREED: N_("both said yes"),
    RequestState.DECLINED: N_("declined"),
    RequestState.EXPIRED: N_("ran out of time"),
}
DECLINE_REASON_NAMES: Mapping[DeclineReason, str] = {
    DeclineReason.NO_TIME: N_("no time then"),
    DeclineReason.NOT_OUR_GOODS: N_("not the goods for us"),
    DeclineReason.NO_CAPACITY: N_("no capacity for it now"),
    DeclineReason.ALREADY_PARTNERS: N_("we already work together"),
    DeclineReason.NOT_COMING: N_("we do not come"),
    DeclineReason.OTHER: N_("another reason"),
}
MEETING_STATE_NAMES: Mapping[MeetingState, str] = {
    MeetingState.PLACED: N_("has its place"),
    MeetingState.HELD: N_("held"),
    MeetingState.NO_SHOW: N_("somebody did not come"),
    MeetingState.MOVED: N_("put off"),
    MeetingState.CANCELLED: N_("called off"),
}
NO_SHOW_NAMES: Mapping[NoShow, str] = {
    NoShow.PRODUCER: N_("the producer did not come"),
    NoShow.BUYER: N_("the buyer did not come"),
    NoShow.BOTH: N_("neither came"),
}
WAY_NAMES: Mapping[MeetingWay, str] = {
    MeetingWay.IN_PERSON: N_("in person"),
    MeetingWay.CALL: N_("WhatsApp call"),
}
RUN_KIND_NAMES: Mapping[RunKind, str] = {
    RunKind.PLAN: N_("made anew"),
    RunKind.REPLAN: N_("with as few changes as possible"),
}

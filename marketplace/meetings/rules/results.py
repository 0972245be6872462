"""What may be written down of a meeting: its result, what comes next, and samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.meetings.rules.states import (
    Interest,
    MeetingState,
    MeetingWay,
    NoShow,
    Owner,
    Side,
)

# A sample leaves within 72 hours of the promise and is judged within 7 days of its arrival.
SEND_WITHIN = timedelta(hours=72)
JUDGE_WITHIN = timedelta(days=7)
# Then the link to judge by, which may have gone from hand to hand, closes.
LINK_AFTER = timedelta(days=14)
# Two who are early may begin early; long before, nothing can have come of it.
EARLY = timedelta(minutes=30)
STEP_AHEAD = timedelta(days=2 * 366)
MOVED_AHEAD = timedelta(days=366)
LATE_MOST = 480

# A slip of the pen is put right; what was put off or called off stands elsewhere by then.
NEXT_RESULTS: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLACED: frozenset({MeetingState.HELD, MeetingState.NO_SHOW, MeetingState.MOVED}),
    MeetingState.HELD: frozenset({MeetingState.HELD, MeetingState.NO_SHOW}),
    MeetingState.NO_SHOW: frozenset({MeetingState.HELD, MeetingState.NO_SHOW}),
    MeetingState.MOVED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}

INTEREST_NAMES: Mapping[Interest, str] = {
    Interest.NONE: N_("no interest"),
    Interest.SOME: N_("some interest"),
    Interest.STRONG: N_("strong interest"),
}
OWNER_NAMES: Mapping[Owner, str] = {
    Owner.PRODUCER: N_("the producer"),
    Owner.BUYER: N_("the buyer"),
    Owner.OFFICE: N_("the office"),
}


@dataclass(frozen=True, slots=True)
class StepDraft:
    what: str
    owner: Owner
    due_on: date
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class NewTime:
    """When and where a meeting that was put off takes place, as both said at the table."""

    starts_at: datetime
    way: MeetingWay
    place: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeDraft:
    """`state`: held, no_show or moved. Volumes are sales units a month, `price` rupiah a unit."""

    state: MeetingState
    no_show_by: NoShow | None = None
    late_by: Side | None = None
    late_minutes: int | None = None
    interest: Interest | None = None
    product_id: int | None = None
    product_text: str = ""
    volume_per_month: int | None = None
    unit: str = ""
    price: int | None = None
    note: str = ""
    reason: str = ""
    step: StepDraft | None = None
    sample: str = ""
    new_time: NewTime | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """A buyer's judgement of a sample, each from 1 (poor) to 5 (excellent)."""

    taste: int
    pack: int
    price: int
    note: str = ""


def _refuse(field: str, msgid: str, **params: object) -> InvalidInput:
    return InvalidInput(msgid, fields={field: msgid}, **params)


def check_result(now: MeetingState, then: MeetingState) -> None:
    if then not in NEXT_RESULTS[now]:
        raise RuleBroken(N_("This meeting was put off or called off: it has no result any more."))


def check_outcome(
    draft: OutcomeDraft,
    starts_at: datetime,
    day: date,
    moment: datetime,
    *,
    may_put_off: bool = False,
) -> None:
    """Raise InvalidInput, naming the field; `day` is the meeting's, `moment` is now.

    Beforehand a meeting is put off only by who may move it, and without a new time: nobody sat at
    a table yet at which both could have said yes to one.
    """
    puts_off = draft.state is MeetingState.MOVED and draft.new_time is None and may_put_off
    if moment < starts_at - EARLY and not puts_off:
        raise _refuse("state", N_("This meeting has not begun yet."))
    if (draft.state is MeetingState.NO_SHOW) != (draft.no_show_by is not None):
        raise _refuse("state", N_("Say who did not come."))
    if (draft.late_by is None) != (draft.late_minutes is None):
        raise _refuse("late_minutes", N_("Say who was late, and by how many minutes."))
    if draft.late_minutes is not None and not 0 < draft.late_minutes <= LATE_MOST:
        raise _refuse("late_minutes", N_("Between 1 minute and 8 hours, please."))
    for name, value in (("volume_per_month", draft.volume_per_month), ("price", draft.price)):
        if value is not None and value < 1:
            raise _refuse(name, N_("Leave it empty, or write what was talked of."))
    if draft.new_time is not None:
        _check_new_time(draft.new_time, moment)
    if draft.step is not None:
        check_step(draft.step, day)


def _check_new_time(time: NewTime, moment: datetime) -> None:
    if time.starts_at <= moment:
        raise _refuse("new_day", N_("This time is over. Choose one to come."))
    if time.starts_at > moment + MOVED_AHEAD:
        raise _refuse("new_day", N_("This is more than a year away. Check the year."))


def check_step(step: StepDraft, day: date) -> None:
    """A step may lie behind us where results are typed in later, never before the meeting."""
    if not step.what:
        raise _refuse("step_what", N_("Say what is to be done."))
    if step.due_on < day:
        raise _refuse("step_due", N_("The next step comes after the meeting: not before %(day)s."),
                      day=day)  # fmt: skip
    if step.due_on > day + STEP_AHEAD:
        raise _refuse("step_due", N_("%(day)s is too far away. Check the year."), day=step.due_on)


def check_scores(scores: Scores) -> None:
    for name in ("taste", "pack", "price"):
        if getattr(scores, name) not in range(1, 6):
            raise _refuse(name, N_("Choose from 1 to 5."))

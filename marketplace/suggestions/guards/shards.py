"""Who works on a shard: each of these wins its race or changes nothing."""

from datetime import datetime, timedelta

from sqlalchemy import Delete, Update, delete, or_, update

from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.suggestions.models import SuggestionRun, SuggestionShard
from marketplace.suggestions.rules import ShardState

_NOT_DONE = SuggestionShard.state != ShardState.DONE


def take(number: int, *, holder: str, until: datetime) -> bool:
    """Take a shard that is free, whose lease ran out, or that this holder had (its worker died)."""
    free = or_(
        SuggestionShard.state == ShardState.WAITING,
        (SuggestionShard.state == ShardState.RUNNING)
        & or_(SuggestionShard.lease_until < now(), SuggestionShard.holder == holder),
    )
    return _won(
        update(SuggestionShard)
        .where(SuggestionShard.id == number, free)
        .values(
            state=ShardState.RUNNING,
            holder=holder,
            lease_until=until,
            attempts=SuggestionShard.attempts + 1,
        )
    )


def finish(number: int, *, attempt: int, found: int, added: int, seconds: float) -> bool:
    """Mark it done; False where a later attempt has taken it over: then nothing may be written."""
    return _won(
        _held(number, attempt).values(
            state=ShardState.DONE,
            lease_until=None,
            holder=None,
            found=found,
            added=added,
            seconds=seconds,
            message="",
            finished_at=now(),
        )
    )


def give_back(number: int, *, attempt: int, state: ShardState, message: str) -> bool:
    """Let others try it again, or park it as failed."""
    return _won(
        _held(number, attempt).values(
            state=state, lease_until=None, holder=None, message=message[:200]
        )
    )


def renew_leases(holder: str, until: datetime) -> None:
    """The command that handed the shards out still lives, whichever of its workers does not."""
    session.execute(
        update(SuggestionShard)
        .where(SuggestionShard.holder == holder, SuggestionShard.state == ShardState.RUNNING)
        .values(lease_until=until)
    )


def retry_failed(run_id: int) -> None:
    """Failed shards get fresh attempts: whoever starts the run again has mended what was wrong."""
    session.execute(
        update(SuggestionShard)
        .where(SuggestionShard.run_id == run_id, SuggestionShard.state == ShardState.FAILED)
        .values(state=ShardState.WAITING, attempts=0, message="")
    )


def finish_run(run_id: int) -> bool:
    """Close the run; False where it is closed already or a shard is not done."""
    unfinished = (
        update(SuggestionRun)
        .where(SuggestionRun.id == run_id, SuggestionRun.finished_at.is_(None))
        .values(finished_at=now())
    )
    open_shards = SuggestionShard.__table__.select().where(
        SuggestionShard.run_id == run_id, _NOT_DONE
    )
    return _won(unfinished.where(~open_shards.exists()))


def forget_runs(age: timedelta) -> None:
    """Runs that ended long ago go with their shards; what they suggested stays."""
    session.execute(delete(SuggestionRun).where(SuggestionRun.finished_at < now() - age))


def _held(number: int, attempt: int) -> Update:
    return update(SuggestionShard).where(
        SuggestionShard.id == number,
        SuggestionShard.state == ShardState.RUNNING,
        SuggestionShard.attempts == attempt,
    )


def _won(statement: Update | Delete) -> bool:
    """Whether exactly the row that was meant was changed."""
    return bool(getattr(session.execute(statement), "rowcount", 0))

"""What can go wrong, in words a person can act on. The edge maps these to statuses and pages."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal with a translatable message and its parameters (Money, dates, numbers, names)."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.params = params

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid


class NotFound(DomainError):
    """There is no such thing, or not for this actor: both read the same from outside."""


class NotAllowed(DomainError):
    """The actor may not do this."""


class InvalidInput(DomainError):
    """Input that cannot be used; `fields` names each bad field and its message."""

    def __init__(
        self, msgid: str, *, fields: Mapping[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(msgid, **params)
        self.fields = dict(fields or {})


class Conflict(DomainError):
    """Someone else was first, or the value is taken; `field` names it where there is one."""

    def __init__(self, msgid: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(msgid, **params)
        self.field = field


class RuleBroken(DomainError):
    """A rule of the trade or a step out of order."""

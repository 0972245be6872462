"""Password hashes (argon2id), never more than two at once so that sign-ins cannot starve pages."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

_at_once = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 5.0


class Busy(Exception):
    """Too many sign-ins at this moment."""


@cache
def _hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@cache
def _nobody(time_cost: int, memory_kib: int) -> str:
    # Checked where there is no such account: known and unknown names take the same time.
    return _hasher(time_cost, memory_kib).hash("nobody has this password")


def _costs() -> tuple[int, int]:
    return current_app.config["ARGON2_TIME_COST"], current_app.config["ARGON2_MEMORY_KIB"]


def hash_password(password: str) -> str:
    return _hasher(*_costs()).hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """True if `password` is the one behind `stored`; takes as long where there is none."""
    if not _at_once.acquire(timeout=_WAIT_SECONDS):
        raise Busy
    try:
        hasher = _hasher(*_costs())
        try:
            return hasher.verify(stored or _nobody(*_costs()), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
    finally:
        _at_once.release()

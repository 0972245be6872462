"""Sign-in, activation, one's own account, officers."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

# Each module hangs its pages on the blueprint above.
from marketplace.accounts.views import entry, officers, own_account  # noqa: E402

__all__ = ["bp", "entry", "officers", "own_account"]

"""The read-only profile: a server for visitors, on which everything can be looked at and nothing can be changed."""

import os
from typing import Final

from pipeline.safety.errors import UserError

VARIABLE: Final = "SGD_READ_ONLY"
"""Set to 1 in the environment of the server, it makes the server read-only."""


def is_read_only() -> bool:
    """Whether this server is read-only."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")


def why_off(what: str) -> str:
    """Say why a server that is read-only does not do something, such as `train`, and what does."""
    return f"this server is read-only and does not {what}; a clone of the project does (`make dashboard`)"


def refuse_if_read_only(what: str) -> None:
    """Raise `UserError` that says why `what` is off, where this server is read-only."""
    if is_read_only():
        raise UserError(why_off(what))

"""Turns: of the commands that must not run at once, one goes on, and the others are told which it is."""

import contextlib
import fcntl
import os
from datetime import datetime
from pathlib import Path

from pipeline.safety.errors import UserError


def take_turn(root: Path, name: str, title: str, now: datetime) -> int:
    """Take the one turn there is at the file `name` below `root`; return the open file that holds it.

    The turn ends when the file is closed, in this process and in all that inherited it, however they end. Raises
    `UserError`, naming who has it.
    """
    path = root / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        turn = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise UserError(f"{title} cannot start ({name}: {error.strerror}): is the folder read-only?") from None
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(turn)
        holder = path.read_text("utf-8") or "another command"
        raise UserError(f"busy with {holder}; wait until it ends, or stop it, then try again") from None
    with contextlib.suppress(OSError):  # on a full disk the next one cannot say who has it
        path.write_text(f"{title} since {now:%H:%M:%S}", "utf-8")
    return turn

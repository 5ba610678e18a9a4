"""Errors for people: one line that says what was expected, what came and what to do."""

import signal
import sys
import threading
from collections.abc import Callable


class UserError(Exception):
    """Something a person can put right. Its text is one line and needs no traceback."""


_interrupted = threading.Event()


def stop_if_interrupted() -> None:
    """Raise `KeyboardInterrupt` once more when one came before and was lost in a library's callback."""
    if _interrupted.is_set():
        raise KeyboardInterrupt


def run_stage(stage: Callable[[], None]) -> None:
    """Run a stage; on a `UserError` print its one line to standard error and exit with status 1."""
    signal.signal(signal.SIGINT, _interrupt)
    try:
        stage()
    except UserError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("error: stopped before the end; run the command again to go on", file=sys.stderr)
        sys.exit(1)


def _interrupt(*_: object) -> None:
    _interrupted.set()
    raise KeyboardInterrupt

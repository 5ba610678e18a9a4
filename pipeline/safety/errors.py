"""Errors for people: one line that says what was expected, what came and what to do."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

_MAX_LENGTH: Final = 2_000


class UserError(Exception):
    """Something a person can put right. Its text is made one line that any screen can show; it needs no traceback."""

    def __init__(self, text: str) -> None:
        line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
        middle = len(line) - _MAX_LENGTH
        super().__init__(line if middle <= 0 else f"{line[: _MAX_LENGTH // 2]} ... {line[-_MAX_LENGTH // 2 :]}")


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
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except MemoryError:
        print(
            "error: memory ran out; close other programs, or train with fewer rows, columns or epochs", file=sys.stderr
        )
        sys.exit(1)
    except KeyboardInterrupt:
        print("error: stopped before the end; run the command again to go on", file=sys.stderr)
        sys.exit(1)


def _interrupt(*_: object) -> None:
    _interrupted.set()
    raise KeyboardInterrupt

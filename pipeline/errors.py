"""Errors for people: one line that says what was expected, what came and what to do."""

import os
import sys
from collections.abc import Callable

from pipeline import STARTED_BY


class UserError(Exception):
    """Something a person can put right. Its text is one line and needs no traceback."""


def stop_if_orphaned() -> None:
    """Raise `UserError` when whoever started this process is gone: a killed `dvc` leaves its stage running."""
    if os.getppid() != STARTED_BY:
        raise UserError("whoever started this stage is gone; it stopped and wrote nothing")


def run_stage(stage: Callable[[], None]) -> None:
    """Run a stage; on a `UserError` print its one line to standard error and exit with status 1."""
    try:
        stage()
    except UserError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("error: stopped before the end; run the command again to go on", file=sys.stderr)
        sys.exit(1)

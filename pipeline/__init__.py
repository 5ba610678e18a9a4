"""The pipeline: the stages that DVC runs, and the nouns they share with the dashboard."""

import contextlib
import os
from pathlib import Path
from typing import Final


def _sources() -> dict[str, bytes]:
    found = {}
    for path in Path(__file__).parent.rglob("*.py"):
        with contextlib.suppress(OSError):  # what an editor keeps there for a moment
            found[str(path)] = path.read_bytes()
    return found


STARTED_BY: Final = os.getppid()
"""Who started this process, noted before the seconds that importing TensorFlow takes."""

SOURCES: Final = _sources() if "DVC_STAGE" in os.environ else {}
"""In a stage that DVC runs: what every module here held before any of them was imported, by its path."""

"""The pipeline: the stages that DVC runs, and the nouns they share with the dashboard."""

import contextlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

if find_spec("pydantic") is None:  # a stage is run by whatever `python` is on the path
    sys.exit(
        f"error: {sys.executable} is a Python without what this project needs; put the project's own on the path "
        "(`. .venv/bin/activate`), or use `make repro`"
    )


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

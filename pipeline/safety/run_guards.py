"""What must hold until a stage moves its outputs into place: DVC waits for it, and its modules are as they were."""

import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pipeline import SOURCES, STARTED_BY
from pipeline.safety.errors import UserError, stop_if_interrupted

_PACKAGE: Final = Path(__file__).parents[1]


def stop_if_orphaned() -> None:
    """Raise `UserError` when whoever started this process is gone: a killed `dvc` leaves its stage running.

    Raise `KeyboardInterrupt` when one came before and was lost on the way.
    """
    stop_if_interrupted()
    if os.getppid() != STARTED_BY or not _waits(STARTED_BY):
        raise UserError("whoever started this stage is gone; it stopped and wrote nothing")


def stop_if_edited(read: Mapping[Path, bytes]) -> None:
    """Raise `UserError` when a file of `read` no longer holds those bytes, or a module is not what it was at the start.

    DVC looks at a stage's dependencies after it has ended, and would record what is there then as what it used. Only
    in a stage that DVC runs are the modules looked at. An edit in the moment from here to DVC's look, which is about
    as long as Python takes to end, is not noticed.
    """
    files = [Path(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())]
    modules = {path: SOURCES.get(str(path)) for path in files if path.is_relative_to(_PACKAGE)} if SOURCES else {}
    for path, content in {**modules, **read}.items():
        if _content(path) != content:
            raise UserError(
                f"{os.path.relpath(path)} was changed while this stage ran; it wrote nothing: run `dvc repro` again"
            )


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@cache
def _waits(parent: int) -> bool:
    """Whether `parent` is the DVC that runs this stage, which notes whose process writes which outputs.

    A stage whose DVC is killed before `STARTED_BY` is noted has been handed to another process by then: to process 1,
    which may be DVC itself in a container, or to a supervisor. Where DVC's note cannot be read, `parent` is believed.
    """
    if "DVC_STAGE" not in os.environ:
        return True
    home = next((folder for folder in _PACKAGE.resolve().parents if (folder / ".dvc").is_dir()), Path())
    try:
        writers = json.loads((home / ".dvc" / "tmp" / "rwlock").read_bytes())["write"]
        return parent in {writer["pid"] for writer in writers.values()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return True

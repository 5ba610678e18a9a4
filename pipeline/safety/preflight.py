"""What DVC needs of the folder is checked before it starts: that it is a project, and that there is room to write."""

import os
import re
import shutil
from pathlib import Path
from typing import Final

from pipeline.safety.dvc_lock import LOCK
from pipeline.safety.errors import UserError

MIN_MEGABYTES: Final = 10
NO_PROJECT: Final = (
    ".dvc/config is missing, so this folder is not a DVC project; restore it with `git checkout HEAD -- .dvc/config`"
)

CONFLICT: Final = re.compile(rb"^(<{7}|={7}|>{7})( |\r?$)", re.MULTILINE)


def check_checkout(root: Path) -> None:
    """Raise `UserError` for what DVC does not explain: no project, a conflict in dvc.lock, no right or room."""
    if not (root / ".dvc" / "config").is_file():
        raise UserError(NO_PROJECT)
    lock = root / LOCK
    conflict = CONFLICT.search(lock.read_bytes()) if lock.is_file() else None
    if conflict:
        line = conflict.string[: conflict.start()].count(b"\n") + 1
        raise UserError(
            f"{LOCK}, line {line} is the marker of a merge conflict; "
            "delete the file and run `dvc repro`, which creates it again"
        )
    for name in (".", "data", "data/run", ".dvc", ".dvc/tmp", ".dvc/cache"):
        if (folder := root / name).is_dir():
            _check_room(folder)


def _check_room(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(
            f"{folder} cannot be written to: it is read-only, or belongs to another user; copy the project to "
            "a folder of your own, or change its permissions"
        )
    left = shutil.disk_usage(folder).free // 2**20
    if left < MIN_MEGABYTES:
        raise UserError(f"the disk of {folder} has {left} MB left; at least {MIN_MEGABYTES} are needed: make room")

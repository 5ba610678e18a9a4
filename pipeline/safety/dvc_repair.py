"""DVC writes dvc.lock and its note of who writes what in place: what it left cut short when killed is put aside."""

import contextlib
import fcntl
import json
from collections.abc import Callable
from pathlib import Path

from pipeline.safety.dvc_lock import LOCK, read_lock
from pipeline.safety.errors import UserError
from pipeline.safety.preflight import CONFLICT


def repair(root: Path) -> list[str]:
    """Put files of DVC aside that are cut short, and return their names; a running `dvc` is left alone.

    Both are made anew: dvc.lock from the run cache, without running a stage that has run. What holds something else,
    such as the marks of a merge conflict, stays for a person to look at.
    """
    folder = root / ".dvc" / "tmp"
    checks: dict[Path, Callable[[bytes], bool]] = {root / LOCK: _is_cut_lock, folder / "rwlock": _is_cut_note}
    mended = []
    with contextlib.suppress(OSError), (folder / "lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as DVC does while it writes
        for path, is_cut in checks.items():
            if path.is_file() and is_cut(path.read_bytes()):
                path.replace(folder / f"{path.name}.cut-short")
                mended.append(path.name)
    return mended


def _is_cut_lock(content: bytes) -> bool:
    """Whether a line, a stage's command or the hash of one of its files is missing: what DVC refuses to read."""
    if CONFLICT.search(content):
        return False
    try:
        read_lock(content)
    except UserError:
        return True
    return not content.endswith(b"\n")


def _is_cut_note(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return True
    return False

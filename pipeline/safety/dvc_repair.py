"""DVC writes dvc.lock and its note of who writes what in place: what it left cut short when killed is put aside."""

import contextlib
import fcntl
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

LOCK: Final = "dvc.lock"
NOTE: Final = "rwlock"

_MD5: Final = re.compile(r"[0-9a-f]{32}(\.dir)?")


def repair(root: Path) -> list[str]:
    """Put files of DVC aside that are cut short, and return their names; a running `dvc` is left alone.

    Both are made anew: dvc.lock from the run cache, without running a stage that has run. What holds something else,
    such as the marks of a merge conflict, stays for a person to look at.
    """
    folder = root / ".dvc" / "tmp"
    checks: dict[Path, Callable[[bytes], bool]] = {root / LOCK: _is_cut_lock, folder / NOTE: _is_cut_note}
    mended = []
    with contextlib.suppress(OSError), (folder / "lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as DVC does while it writes
        for path, is_cut in checks.items():
            if path.is_file() and is_cut(path.read_bytes()):
                path.replace(folder / f"{path.name}.cut-short")
                mended.append(path.name)
    return mended


def _is_cut_lock(content: bytes) -> bool:
    if b"<<<<<<<" in content:
        return False
    try:
        lock = YAML(typ="safe").load(content)
        return not _is_whole({} if lock is None else lock)
    except (YAMLError, UnicodeDecodeError):
        return True


def _is_whole(lock: Any) -> bool:
    """Whether every stage has what DVC asks for: a command, and of each file path, hash and size."""
    if not isinstance(lock, dict) or lock.get("schema") is None or not isinstance(lock.get("stages"), dict):
        return False
    stages = lock["stages"].values()
    files = [
        file for stage in stages if isinstance(stage, dict) for kind in ("deps", "outs") for file in _list(stage, kind)
    ]
    return all(isinstance(stage, dict) and isinstance(stage.get("cmd"), str) for stage in stages) and all(
        isinstance(file, dict)
        and isinstance(file.get("path"), str)
        and _MD5.fullmatch(str(file.get("md5"))) is not None
        and isinstance(file.get("size", 0), int)
        and isinstance(file.get("hash", ""), str)
        for file in files
    )


def _list(stage: dict[str, Any], kind: str) -> list[Any]:
    files = stage.get(kind, [])
    return files if isinstance(files, list) else [files]


def _is_cut_note(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return True
    return False

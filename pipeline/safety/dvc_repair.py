"""DVC writes dvc.lock and its note of who writes what in place: what it left cut short when killed is put aside."""

import contextlib
import fcntl
import json
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.safety.preflight import CONFLICT


def repair(root: Path) -> list[str]:
    """Put files of DVC aside that are cut short, and return their names; a running `dvc` is left alone.

    Both are made anew: dvc.lock from the run cache, without running a stage that has run. What holds something else,
    such as the marks of a merge conflict, stays for a person to look at.
    """
    folder = root / ".dvc" / "tmp"
    checks: dict[Path, Callable[[bytes], bool]] = {root / "dvc.lock": _is_cut_lock, folder / "rwlock": _is_cut_note}
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
        stages = YAML(typ="safe").load(content)["stages"].values()
        files = [file for stage in stages for kind in ("deps", "outs") for file in stage.get(kind, [])]
        whole = all("cmd" in stage for stage in stages) and all("md5" in file for file in files)
        return not (whole and content.endswith(b"\n"))
    except (YAMLError, UnicodeDecodeError, LookupError, TypeError, AttributeError):
        return True


def _is_cut_note(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return True
    return False

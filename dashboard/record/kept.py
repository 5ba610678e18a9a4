"""The files of a recorded run, from wherever they are kept: DVC's cache, the folder of the committed run, or data/."""

import configparser
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from pipeline.record import store
from pipeline.safety.dvc_lock import LOCK, read_lock
from pipeline.safety.errors import UserError
from pipeline.tables.store import NORMALIZED, RAW, SCALING, SPLIT, TFJS_SPLIT

RECORDED: Final = (
    RAW,
    NORMALIZED,
    SPLIT,
    SCALING,
    store.WEIGHTS,
    store.HISTORY,
    store.PREDICTIONS,
    store.SAMPLE,
    store.TRAINING,
    store.METRICS,
    store.MODEL,
)
"""The outputs of the pipeline that make up a recorded run."""

BUNDLED: Final = "data/committed"
"""A remote of DVC within the project: the outputs of the committed run, so that a clone has them without training."""

_MD5: Final = re.compile(r"[0-9a-f]{32}")


def lay_out(root: Path, folder: Path, lock: bytes, whose: str, given: Mapping[str, bytes]) -> None:
    """Put the run that a lock file describes together in `folder`: files that are `given`, and the rest as it is kept.

    Raises `UserError`, which calls the run `whose`, for a lock file without a run, and for a file that is kept nowhere.
    """
    md5s = md5s_of(lock, whose)
    for name in RECORDED:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(given[name] if name in given else _kept(root, name, md5s.get(name, "")))


def lay_out_committed(root: Path, folder: Path) -> None:
    """Put the run of the project's own lock file together in `folder`, so that it can be read and trained on there.

    Every file has the hash that the lock file gives. Raises `UserError` as `lay_out` does.
    """
    for name in (LOCK, TFJS_SPLIT):
        if not (root / name).is_file():
            raise UserError(f"{name} is missing; restore it with `git checkout HEAD -- {name}`")
    lay_out(root, folder, (root / LOCK).read_bytes(), "this project", {})
    (folder / TFJS_SPLIT).write_bytes((root / TFJS_SPLIT).read_bytes())


def md5s_of(lock: bytes, whose: str) -> dict[str, str]:
    """The hash of each output that a lock file names, by its path. Raises `UserError` as `lay_out`."""
    try:
        return {path: md5 for stage in read_lock(lock).values() for path, md5 in stage.outs.items()}
    except UserError:
        raise UserError(f"{whose} has no recorded run: its {LOCK} is missing or broken") from None


def dvc_settings(root: Path) -> configparser.ConfigParser:
    """DVC's settings of this project, those of this machine before those that git holds."""
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    settings.read([root / ".dvc" / "config", root / ".dvc" / "config.local"], encoding="utf-8")
    return settings


def cache_folder(root: Path) -> Path:
    """Where DVC keeps what git does not: `.dvc/cache`, unless the project's settings name another folder."""
    folder = dvc_settings(root).get("cache", "dir", fallback="cache")
    return (root / ".dvc" / folder.strip("\"'")).resolve()


def place_in_cache(root: Path, md5: str | None) -> Path:
    """Where DVC's cache has, or would have, the file with a hash; a path where nothing is for what is no hash."""
    return _place(cache_folder(root), md5 if md5 and _MD5.fullmatch(md5) else "no hash")


def _kept(root: Path, name: str, md5: str) -> bytes:
    """What a file of a run holds, by its hash. Raises `UserError` where no such file is kept."""
    if not _MD5.fullmatch(md5):
        raise UserError(f"this run comes from another version of the pipeline, without {name}; record it again")
    for path in _places(root, name, md5):
        with suppress(OSError):
            content = path.read_bytes()
            if hashlib.md5(content, usedforsecurity=False).hexdigest() == md5:
                return content
    where = f"DVC's cache ({cache_folder(root)})"
    raise UserError(f"{name} of this run is not in {where}; record or fetch the run again")


def _places(root: Path, name: str, md5: str) -> Iterator[Path]:
    for folder in (cache_folder(root), root / BUNDLED):
        yield _place(folder, md5)
    yield root / name


def _place(folder: Path, md5: str) -> Path:
    return folder / "files" / "md5" / md5[:2] / md5[2:]

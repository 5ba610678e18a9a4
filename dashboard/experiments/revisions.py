"""The run that a revision holds, read from git and DVC's cache without checking it out."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dashboard.experiments.repository import blobs, cache_folder
from dashboard.record.reading import RECORDED
from pipeline.record.store import CAUSES, COMMITTED, Store
from pipeline.safety.dvc_lock import LOCK, read_lock
from pipeline.safety.errors import UserError
from pipeline.safety.git import git

_MD5: Final = re.compile(r"[0-9a-f]{32}")


def standing(root: Path) -> str:
    """Name the last commit of a recorded run, and say whether the run or what made it differs now."""
    nothing = "not in a git repository, or no run committed yet"
    try:
        commit = git(root, "log", "--max-count=1", "--format=%h", "--", *COMMITTED).decode().strip()
        if not commit:
            return nothing
        edited = git(root, "diff", "--name-only", commit, "--", *CAUSES, *COMMITTED)
        added = git(root, "ls-files", "--others", "--exclude-standard", "--", *CAUSES)
    except UserError:
        return nothing
    return f"{commit}, with later changes" if edited or added else commit


@contextmanager
def open_run(root: Path, revision: str) -> Iterator[Store]:
    """Give a store with the files of the run that `revision` recorded, while the `with` lasts.

    Its run_info.json is not recorded. Raises `UserError` for a revision that holds no run, and for files that are no
    longer in DVC's cache. A revision never changes: what was read of it once can be kept.
    """
    lock, *contents = blobs(root, [f"{revision}:{name}" for name in (LOCK, *RECORDED)])
    md5s, cache = _md5s(lock or b"", revision), cache_folder(root)
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        for name, content in zip(RECORDED, contents, strict=True):
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_cached(cache, md5s.get(name, ""), name) if content is None else content)
        yield Store(Path(folder))


def differing(root: Path, revision: str, sha256: Mapping[str, str]) -> list[str]:
    """The files of the run that `revision` recorded, by name, that do not have these hashes. Raises as `open_run`."""
    with open_run(root, revision) as place:
        recorded = place.read_training().sha256
    return [name for name, digest in sha256.items() if recorded.get(name) != digest]


def _md5s(lock: bytes, revision: str) -> dict[str, str]:
    """What DVC keeps each output of the pipeline under, by the lock file of a revision."""
    try:
        return {path: md5 for stage in read_lock(lock).values() for path, md5 in stage.outs.items()}
    except UserError:
        raise UserError(f"revision {revision[:7]} has no recorded run: its {LOCK} is missing or broken") from None


def _cached(cache: Path, md5: str, name: str) -> bytes:
    if not _MD5.fullmatch(md5):
        raise UserError(f"this run comes from another version of the pipeline, without {name}; record it again")
    try:
        return (cache / "files" / "md5" / md5[:2] / md5[2:]).read_bytes()
    except OSError:
        raise UserError(f"{name} of this run is no longer in DVC's cache ({cache}); record the run again") from None

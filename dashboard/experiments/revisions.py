"""The run that a revision holds, read from git and DVC's cache without checking it out."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dashboard.experiments.repository import blobs
from dashboard.record.kept import RECORDED, lay_out
from pipeline.record.store import CAUSES, COMMITTED, Store
from pipeline.safety.dvc_lock import LOCK
from pipeline.safety.errors import UserError
from pipeline.safety.git import git


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
    given = {name: content for name, content in zip(RECORDED, contents, strict=True) if content is not None}
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        lay_out(root, Path(folder), lock or b"", f"revision {revision[:7]}", given)
        yield Store(Path(folder))


def differing(root: Path, revision: str, sha256: Mapping[str, str]) -> list[str]:
    """The files of the run that `revision` recorded, by name, that do not have these hashes. Raises as `open_run`."""
    with open_run(root, revision) as place:
        recorded = place.read_training().sha256
    return [name for name, digest in sha256.items() if recorded.get(name) != digest]

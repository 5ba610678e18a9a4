"""The run that a revision holds, read from git and DVC's cache without checking it out."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.experiments.repository import blobs
from dashboard.record.kept import RECORDED, lay_out, md5s_of, place_in_cache
from pipeline.record.store import CAUSES, COMMITTED, Store
from pipeline.safety.atomic import draft
from pipeline.safety.dvc_lock import LOCK
from pipeline.safety.errors import UserError
from pipeline.safety.git import git
from pipeline.suggestion.files import SUFFIXES, keep


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


def missing(root: Path, revision: str) -> list[str]:
    """The files of the run that `revision` recorded which neither git nor DVC's cache holds. Raises `UserError`."""
    lock, *contents = blobs(root, [f"{revision}:{name}" for name in (LOCK, *RECORDED)])
    md5s = md5s_of(lock or b"", f"revision {revision[:7]}")
    pairs = zip(RECORDED, contents, strict=True)
    return [name for name, content in pairs if content is None and not place_in_cache(root, md5s.get(name)).is_file()]


def restorable(root: Path, revision: str) -> bytes | None:
    """The dvc.lock of the run that `revision` recorded, if DVC can restore all that it names; `None` otherwise.

    Files that git holds are added to DVC's cache: they are there for a run made here, but do not come with one of
    another person.
    """
    try:
        lock, *contents = blobs(root, [f"{revision}:{name}" for name in (LOCK, *RECORDED)])
        md5s = md5s_of(lock or b"", revision)
    except UserError:
        return None
    for name, content in zip(RECORDED, contents, strict=True):
        place = place_in_cache(root, md5s.get(name))
        if place.is_file():
            continue
        if content is None or hashlib.md5(content, usedforsecurity=False).hexdigest() != md5s.get(name):
            return None
        place.parent.mkdir(parents=True, exist_ok=True)
        with draft(place, content) as written:
            written.chmod(0o444)
            written.replace(place)
    return lock


def bring_table(root: Path, revision: str, table: str) -> None:
    """Put the table that a run was made of, by its path below `root`, in its place, unless something is there.

    What is not named as a table is left where it is, and so is a file in a hidden folder: the run may be a stranger's.
    """
    is_plain = table.isprintable() and table.lower().endswith(SUFFIXES) and not Path(table).is_absolute()
    if not is_plain or any(part.startswith(".") for part in Path(table).parts):
        return
    content = blobs(root, [f"{revision}:{table}"])[0]
    if content is not None and (root / table).resolve().is_relative_to(root.resolve()):
        keep(root, table, content)

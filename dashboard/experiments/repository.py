"""The project as a git and DVC repository: what git and DVC's settings say of it; nothing here changes anything."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.params.editing import PARAMS
from pipeline.record.start import START
from pipeline.safety.errors import UserError
from pipeline.safety.git import git
from pipeline.safety.preflight import NO_PROJECT

_NEEDED: Final = ("dvc.yaml", PARAMS, START)


def obstacle(root: Path) -> str | None:
    """Say in one sentence why no experiment can be recorded here, or `None` where one can. Takes about 10 ms."""
    if not (root / ".dvc" / "config").is_file():
        return NO_PROJECT
    try:
        top = git(root, "rev-parse", "--show-toplevel").decode().rstrip("\n")
        files = tracked(root)
        conflict = git(root, "ls-files", "--unmerged", "-z").decode().partition("\0")[0].rpartition("\t")[2]
    except UserError as error:
        return f"experiments need a git repository (`git init` makes one): {error}"
    if not os.path.samefile(top, root):
        return f"experiments need the project at the top of its git repository, which is {top}"
    try:
        head(root)
    except UserError:
        return "an experiment belongs to a commit, and there is none yet: `git add --all`, then `git commit`"
    if conflict:
        return f"{conflict} has a merge conflict: resolve it and commit first"
    if missing := [name for name in _NEEDED if name not in files]:
        return f"{' and '.join(missing)} must be in git: `git add {' '.join(missing)}`, then commit"
    return None


def is_in_git(root: Path) -> bool:
    """Whether git is installed and takes the project for its own."""
    try:
        return git(root, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except UserError:
        return False


def head(root: Path) -> str:
    """The full revision of the current commit. Raises `UserError` where there is none."""
    return git(root, "rev-parse", "--verify", "HEAD").decode().strip()


def tracked(root: Path) -> list[str]:
    """The files that git tracks, or will with the next commit, by their paths below `root`."""
    return sorted(set(git(root, "ls-files", "-z").decode().split("\0")) - {""})


def blobs(root: Path, names: Sequence[str]) -> list[bytes | None]:
    """The contents of files by their names in git, `REVISION:PATH`, in one call; `None` for what git does not have."""
    found: list[bytes | None] = []
    if not names:
        return found
    output = git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names))
    for _ in names:
        line, _, output = output.partition(b"\n")
        if line.endswith(b" missing"):
            found.append(None)
            continue
        size = int(line.rsplit(b" ", 1)[1])
        found.append(output[:size])
        output = output[size + 1 :]
    return found


def pipeline_runs(root: Path) -> bool:
    """Whether DVC runs a stage in this project now, by its note of which process writes which file."""
    try:
        writers = json.loads((root / ".dvc" / "tmp" / "rwlock").read_bytes())["write"].values()
        for writer in writers:
            os.kill(int(writer["pid"]), 0)  # raises where the process has ended
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
    return bool(writers)

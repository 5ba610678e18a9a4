"""A private copy of the project, in which DVC may do what would disturb the readers of the project itself."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dashboard.experiments.repository import head
from dashboard.record.kept import cache_folder
from pipeline.safety.git import git

PRIVATE_COPY: Final = Path(".dvc", "tmp", "recording")


@contextmanager
def private_copy(names: Sequence[str] = (), settings: str = "") -> Iterator[Path]:
    """Give a copy of the project at the current commit while the `with` lasts, with these files as they are now.

    It shares the project's commits and DVC's cache. `settings` are more of DVC's settings for it, as in a file.
    """
    shutil.rmtree(PRIVATE_COPY, ignore_errors=True)
    try:
        _make(names, settings)
        yield PRIVATE_COPY
    finally:
        shutil.rmtree(PRIVATE_COPY, ignore_errors=True)


def _make(names: Sequence[str], settings: str) -> None:
    here = Path().resolve()
    git(here, "clone", "--quiet", "--shared", "--no-checkout", "--template=", ".", str(PRIVATE_COPY))
    git(PRIVATE_COPY, "update-ref", "--no-deref", "HEAD", head(here))
    git(PRIVATE_COPY, "reset", "--quiet")
    for key, otherwise in (("user.name", "SGD laboratory"), ("user.email", "sgd-laboratory@localhost")):
        value = git(here, "config", "--get", "--default", otherwise, key).decode().strip()
        git(PRIVATE_COPY, "config", key, value)
    for name in names:
        if Path(name).is_file() and not Path(name).is_absolute():
            (PRIVATE_COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, PRIVATE_COPY / name)
    # DVC takes a path from the folder of its settings, so this folder's own name, quotes and all, is not in them.
    cache = os.path.relpath(cache_folder(here), (PRIVATE_COPY / ".dvc").resolve())
    local = PRIVATE_COPY / ".dvc" / "config.local"
    local.parent.mkdir(exist_ok=True)
    local.touch(mode=0o600)  # a remote's settings may hold a password
    local.write_text(f"[cache]\n    dir = {cache}\n{settings}", "utf-8")

"""Projects that take long to make: the first test process that needs one makes it, and each process gets a copy."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.projects import Project


def common_to_all(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this test run have in common."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Project:
    """A copy of the project that `make` makes in a new folder, once for all processes of this test run."""
    common = common_to_all(factory)
    original, is_whole = common / f"{name} original", common / f"{name} is whole"
    with (common / f"{name} lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not is_whole.exists():
            shutil.rmtree(original, ignore_errors=True)
            make(original)
            is_whole.touch()
    return Project(original).copy(factory.mktemp(name) / "project")

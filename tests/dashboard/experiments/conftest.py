"""A laboratory that tests share: the recorded project with two experiments, one of them on its own table."""

import ast
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest

from dashboard.experiments import listing as experiments
from dashboard.experiments.listing import Experiment
from pipeline.params.editing import Value
from tests.projects import Project
from tests.sharing import made_once

ODD_NAMES: Final = (
    "a, b",
    'it\'s "odd"',
    "$HOME `id` $(touch oh-no)",
    "back\\slash",
    "[x]",
    "${train.seed}",
    "größe 😀",
    "null",
    "1.0",
    "#c",
    "k: v",
)
_SEEN: Final = Path(".dvc", "tmp", "seen")
WATCHED: Final = (".git/HEAD", "params.yaml", "data/run/metrics.json", "dvc.lock")


@dataclass(frozen=True)
class Laboratory:
    """A project with the experiments `lr-0.05` and `own`, and the contents of its files seen meanwhile."""

    project: Project
    seen: set[tuple[bytes | None, ...]]

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    def __getitem__(self, name: str) -> Experiment:
        """The row of the table with that name."""
        return next(row for row in experiments.list_experiments(self.root) if row.name == name)

    def copy(self, root: Path) -> "Laboratory":
        """A copy in another folder, which a test may change."""
        return Laboratory(self.project.copy(root), set())


@pytest.fixture(scope="package", autouse=True)
def _nobody_in_particular(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run as a user without a name or settings in git, and with empty folders of DVC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path_factory.mktemp("site")))
        patch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path_factory.mktemp("global")))
        for name in ("SHELL", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "XLA_FLAGS"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="package")
def laboratory(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """The recorded project, committed, with an uncommitted edit and two experiments by Ada. Copy it to change it."""

    def make(root: Path) -> None:
        seen = _record_two(recorded.copy(root))
        (root / _SEEN).write_text(repr(seen), encoding="utf-8")

    project = made_once(tmp_path_factory, "laboratory", make)
    return Laboratory(project, ast.literal_eval((project.root / _SEEN).read_text(encoding="utf-8")))


def _record_two(project: Project) -> set[tuple[bytes | None, ...]]:
    project.git("config", "user.name", "Ada")
    project.commit()
    with (project.root / "params.yaml").open("a", encoding="utf-8") as file:
        file.write("# my own note, not committed\n")
    values = np.random.default_rng(0).random((60, len(ODD_NAMES) + 1)).round(3)
    pd.DataFrame(values, columns=[*ODD_NAMES, "price"]).to_csv(project.root / "my houses.csv", index=False)
    laboratory = Laboratory(project, set())
    _record(laboratory, "lr-0.05", {"train.learning_rate": 0.05})
    project.git("checkout", "--quiet", "--detach")
    own: dict[str, Value] = {
        "download.dataset": "own",
        "download.csv": "my houses.csv",
        "normalize.target": "price",
        "normalize.features": ODD_NAMES,
        "normalize.split": "random",
        "train.learning_rate": 1e-06,
        "train.batch_size": 8,
        "train.epochs": 3,
        "train.nesterov": True,
        "train.momentum": 0.5,
    }
    _record(laboratory, "own", own)
    project.git("checkout", "--quiet", "main")
    return laboratory.seen


def _record(laboratory: Laboratory, name: str, changes: dict[str, Value]) -> None:
    before = _look(laboratory.root)
    laboratory.seen.add(before)
    command = experiments.record(laboratory.root, changes, name)
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.001):
            laboratory.seen.add(_look(laboratory.root))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        assert command.wait(120) == "succeeded", "\n".join(command.lines)
    finally:
        ended.set()
        watcher.join()


def _look(root: Path) -> tuple[bytes | None, ...]:
    return tuple(path.read_bytes() if (path := root / name).exists() else None for name in WATCHED)

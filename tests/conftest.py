"""Projects that tests share: one with a recorded run, and copies of it that a test may change."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from dashboard.record.kept import BUNDLED
from tests.browser.servers import Dashboard, dashboard
from tests.defaults import write_defaults
from tests.projects import Project, clone
from tests.sharing import common_to_all, made_once

HERE = Path(__file__).parent

# No example is too slow on a busy machine, and every run tries the same ones.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# The committed results of an earlier run. Without them every stage has to run.
_COMMITTED_RESULTS = ("history.csv", "predictions.csv", "metrics.json")


# What `make quick` leaves out: a browser, servers, workers, DVC, kills; and the largest matrices of cases.
SLOW = (
    "benchmarks/training/test_peers.py",
    "browser",
    "dashboard/components/test_path_player.py",
    "dashboard/experiments",
    "dashboard/lessons/test_forecasts.py",
    "dashboard/lessons/test_step.py",
    "dashboard/live",
    "dashboard/record/test_damage.py",
    "dashboard/record/test_kept.py",
    "dashboard/record/test_uploaded_rows.py",
    "dashboard/views/test_addresses.py",
    "dashboard/views/test_columns.py",
    "dashboard/views/test_extremes.py",
    "dashboard/views/test_glossary.py",
    "dashboard/views/test_lessons.py",
    "dashboard/views/test_long_table.py",
    "dashboard/views/test_numbers_of_seeds.py",
    "dashboard/views/test_mixed_kinds.py",
    "dashboard/views/test_networks.py",
    "dashboard/views/test_questions.py",
    "dashboard/views/test_states.py",
    "dashboard/views/test_surface_page.py",
    "dashboard/views/test_sweep_page.py",
    "dashboard/views/test_table_page.py",
    "dashboard/views/test_train_page.py",
    "dashboard/views/test_tried_on_surface.py",
    "dashboard/views/test_wide_table.py",
    "dashboard/test_sessions.py",
    "faults",
    "pipeline/params/test_editing.py",
    "pipeline/params/test_params_fuzz.py",
    "pipeline/safety/test_dvc_repair.py",
    "pipeline/suggestion/test_first_runs.py",
    "pipeline/suggestion/test_settings.py",
    "pipeline/suggestion/test_training.py",
    "pipeline/sweep/test_cluster.py",
    "pipeline/sweep/test_sweep.py",
    "pipeline/tables/test_large.py",
    "pipeline/tables/test_sources.py",
    "pipeline/test_branching.py",
    "pipeline/test_download.py",
    "pipeline/test_dvc.py",
    "pipeline/test_dvc_names.py",
    "pipeline/test_report.py",
    "pipeline/test_stages.py",
    "pipeline/test_suggest.py",
    "pipeline/training/test_branches.py",
    "pipeline/training/test_cluster.py",
    "pipeline/training/test_descent.py",
    "pipeline/training/test_descent_bits.py",
    "pipeline/training/test_instruction_sets.py",
    "pipeline/training/test_shared.py",
    "places",
    "recipes",
    "security",
)


TOGETHER = {
    "a browser": (
        "browser/test_branch.py",
        "browser/test_mixed_table.py",
        "browser/test_own_table.py",
        "browser/test_recording.py",
        "browser/test_wild_names.py",
    ),
    "a browser and a dashboard": ("browser", "dashboard/test_sessions.py", "security"),
    "what pages keep of a run, and a worker": (
        "dashboard/views",
        "dashboard/live/test_jobs.py",
        "dashboard/live/test_sweeps.py",
        "dashboard/experiments/test_recording.py",
    ),
    "compiled programs": ("dashboard/lessons", "pipeline/suggestion", "pipeline/training"),
}
"""The files that one process runs, so that what they need and takes long to make is made once."""


def _shared(path: Path) -> str | None:
    """What a file needs together with others."""
    return next((what for what, names in TOGETHER.items() if _is_among(path, names)), None)


def _is_among(path: Path, names: Iterable[str]) -> bool:
    return any(path.is_relative_to(HERE / name) for name in names)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of `SLOW`, and run them first, those that go together before all."""
    for item in items:
        if _is_among(item.path, SLOW):
            item.add_marker("slow")
    turns: list[str | None] = [*TOGETHER, None]
    items.sort(key=lambda item: (turns.index(_shared(item.path)), item.get_closest_marker("slow") is None))


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """Gives each file to one process, and those that go together to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        path = str(super()._split_scope(nodeid))
        return _shared(HERE.parent / path) or path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Distribute the tests over the processes in this way."""
    return _Scheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let TensorFlow keep what it compiles for all processes of this test run. It does so whatever XLA_FLAGS says."""
    folder = common_to_all(tmp_path_factory) / "compiled"
    os.environ["TF_XLA_FLAGS"] = (
        f"--tf_xla_persistent_cache_directory={folder} --tf_xla_persistent_cache_device_types=CPU"
    )


@pytest.fixture(scope="session")
def reproduced(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A fresh clone in which `dvc repro` has run every stage, offline, with the settings that this folder has.

    It is trained with a program that was compiled for it alone: the others are compared with it.
    """

    def make(root: Path) -> None:
        project = clone(root)
        for name in _COMMITTED_RESULTS:
            (project.root / "data" / "run" / name).unlink()
        assert project.repro(TF_XLA_FLAGS="") == ["download", "normalize", "train", "evaluate"]

    return made_once(tmp_path_factory, "reproduced", make)


@pytest.fixture(scope="session")
def recorded(reproduced: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Such a clone with the settings of the default run, committed. To change it, use `project_copy`."""

    def make(root: Path) -> None:
        project = reproduced.copy(root)
        write_defaults(project.root)
        project.repro(TF_XLA_FLAGS="")
        project.git("commit", "--quiet", "--all", "--amend", "--no-edit")

    return made_once(tmp_path_factory, "recorded", make)


@pytest.fixture(scope="session")
def cloned(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone of the recorded project as it is committed: no stage has run in it. To change it, copy it."""

    def make(root: Path) -> None:
        original = recorded.copy(tmp_path_factory.mktemp("committed") / "project")
        shutil.rmtree(original.root / BUNDLED)
        original.dvc("push", "--remote", "committed")
        original.commit()
        original.git("clone", "--quiet", str(original.root), str(root))

    return made_once(tmp_path_factory, "cloned", make)


@pytest.fixture
def project_copy(recorded: Project, tmp_path: Path) -> Project:
    """A copy of the recorded project with DVC's cache, which a test may change."""
    return recorded.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def shown(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard of a recorded project. Tests may read it and train, but not change the project."""
    with dashboard(recorded.copy(tmp_path_factory.mktemp("shown") / "project")) as running:
        yield running

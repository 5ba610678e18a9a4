"""Projects that tests share: one where the pipeline has run, and copies of it for whoever changes something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project, clone
from tests.sharing import made_once

# No example is too slow on a busy machine, and every run tries the same ones.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# What a fresh clone brings along of a former run. Without it every stage has to run.
_COMMITTED_RESULTS = ("history.csv", "predictions.csv", "metrics.json")


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A fresh clone in which `dvc repro` has run every stage, offline. To change one, take `project_copy`."""

    def make(root: Path) -> None:
        project = clone(root)
        for name in _COMMITTED_RESULTS:
            (project.root / "data" / "run" / name).unlink()
        assert project.repro() == ["download", "normalize", "train", "evaluate"]

    return made_once(tmp_path_factory, "recorded", make)


@pytest.fixture
def project_copy(recorded: Project, tmp_path: Path) -> Project:
    """A copy of the recorded project, DVC's cache included, to be changed at will."""
    return recorded.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def shown(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard on a recorded project that tests may look at and train in, but not change."""
    with dashboard(recorded.copy(tmp_path_factory.mktemp("shown") / "project")) as running:
        yield running

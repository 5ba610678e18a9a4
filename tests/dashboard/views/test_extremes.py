"""Runs at the edges of what is allowed: they are recorded in valid JSON, and every page shows them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.record.snapshot import Records
from dashboard.views import PAGES
from pipeline.record import store
from pipeline.record.store import ROOT
from tests.dashboard.views.conftest import ShowPage
from tests.faults.extremes import cases

NAMES = [page.path for page in PAGES]
DIVERGE = ("learning rate 1e6", "learning rate 1e300", "huge features", "a huge target")
HARDEST = ("learning rate 1e6", "one training row", "huge features", "200 features")


@pytest.fixture(scope="session")
def extremes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recorded project for each case, trained by one process that has TensorFlow."""
    folder = tmp_path_factory.mktemp("extremes")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.extremes", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("case", cases())
def test_a_run_at_the_edge_is_recorded_whole_and_in_valid_json(extremes: Path, case: str) -> None:
    root = extremes / case
    for name in (store.TRAINING, store.METRICS, store.SCALING, store.SPLIT, store.RUN_INFO):
        json.loads((root / name).read_text(encoding="utf-8"), parse_constant=pytest.fail)
    snapshot = Records(root).snapshot()
    assert snapshot.problem is None
    assert snapshot.record is not None
    assert snapshot.record.metrics.status == ("diverged" if case in DIVERGE else "completed")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", HARDEST)
def test_every_page_shows_the_hardest_of_them(show_page: ShowPage, extremes: Path, case: str, name: str) -> None:
    app = show_page(name, extremes / case)
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("case", [case for case in cases() if case not in HARDEST])
def test_the_page_with_most_numbers_shows_all_of_them(show_page: ShowPage, extremes: Path, case: str) -> None:
    app = show_page("results", extremes / case)
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("case", ["one training row", "equal rows", "huge features", "names of ours"])
@pytest.mark.parametrize("query", [{"surface-model": "All features"}, {"surface-scale": "Normalized"}])
def test_the_surface_is_drawn_over_all_weights_and_over_one_feature_too(
    show_page: ShowPage, extremes: Path, case: str, query: dict[str, str | list[str]]
) -> None:
    app = show_page("surface", extremes / case, **query)
    assert not app.exception

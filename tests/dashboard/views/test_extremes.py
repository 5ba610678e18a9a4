"""Runs at the edges of what is allowed: they are recorded in valid JSON, and every page shows them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.record.reading import Records
from dashboard.text.numbers import format_number
from dashboard.views import PAGES
from pipeline.record import store
from pipeline.record.store import ROOT, Store
from pipeline.tables.store import SCALING, SPLIT
from tests.dashboard.views.conftest import OpenPage, is_up
from tests.faults.extremes import cases

DIVERGE = ("learning rate 1e6", "learning rate 1e300", "huge features", "a huge target")
HARDEST = ("learning rate 1e6", "one training row", "huge features", "200 features", "a branch", "kinds and gaps")


@pytest.fixture(scope="session")
def extremes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recorded project for each case, trained by one process that has TensorFlow."""
    folder = tmp_path_factory.mktemp("extremes")
    command = [sys.executable, "-m", "tests.faults.extremes", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("case", cases())
def test_a_run_at_the_edge_is_recorded_whole_and_in_valid_json(extremes: Path, case: str) -> None:
    root = extremes / case
    for name in (store.TRAINING, store.METRICS, SCALING, SPLIT, store.RUN_INFO):
        json.loads((root / name).read_text(encoding="utf-8"), parse_constant=pytest.fail)
    snapshot = Records(root).snapshot()
    assert snapshot.problem is None
    assert snapshot.record is not None
    assert snapshot.record.metrics.status == ("diverged" if case in DIVERGE else "completed")


PAGES_OF_CASES = [
    *((case, page.path, {}) for case in HARDEST for page in PAGES),
    *((case, "results", {}) for case in cases() if case not in HARDEST),
    *(
        (case, "surface", query)
        for case in ("one training row", "equal rows", "huge features", "names of ours")
        for query in ({"surface-model": "All features"}, {"surface-scale": "Normalized"})
    ),
]


@pytest.mark.parametrize(("case", "name", "query"), PAGES_OF_CASES)
def test_a_page_shows_it(open_page: OpenPage, extremes: Path, case: str, name: str, query: dict[str, str]) -> None:
    assert is_up(open_page(name, extremes / case, **query))


def test_a_run_that_ends_worse_than_it_began_was_diverging(open_page: OpenPage, extremes: Path) -> None:
    app = open_page("results", extremes / "learning rate 1")
    losses = Store(extremes / "learning rate 1").read_run().history["training_loss"]
    said = next(warning.value for warning in app.warning if "was diverging when its epochs ended" in warning.value)
    assert f"{format_number(losses.iloc[-1])} instead of {format_number(losses.iloc[0])}" in said
    assert "training is stable up to a learning rate of" in said
    assert not open_page("results", extremes / "one feature").warning

"""Every page stays up in every state of the project, and says what is the matter."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.record.kept import RECORDED
from dashboard.record.reading import Records
from dashboard.views import PAGES
from pipeline.record import store
from tests.dashboard.views.conftest import OpenPage, is_up, texts
from tests.dashboard.views.test_glossary import unexplained
from tests.projects import Project

NAMES = [page.path for page in PAGES]
OF_A_RUN = [name for name in NAMES if name != "table"]
FILES = [name for name in RECORDED if name != store.MODEL]


@pytest.mark.parametrize("state", ["hidden", "diverged", "own"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_a_recorded_run_of_any_kind(
    open_page: OpenPage, states: dict[str, Path], name: str, state: str
) -> None:
    app = open_page(name, states[state])
    assert is_up(app)
    if name in ("start", "step", "train", "seeds", "results"):
        assert unexplained(app) == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("results", "The grey tick is the weight of least squares"),
        ("data", "60 rows, 1 feature\nA table"),
        ("backpropagation", "x holds the normalized feature of row"),
        ("surface", "2 weights (the bias included), so this is its whole loss surface"),
        ("step", "At 2 it is −3: every step lands on the other side and farther away."),
    ],
)
def test_a_page_speaks_of_a_single_feature_as_one(open_page: OpenPage, single: Project, name: str, said: str) -> None:
    app = open_page(name, single.root, surface__model="All features", backpropagation__graph="Hidden layer")
    assert is_up(app)
    assert said in texts(app)


def test_a_model_with_hidden_layers_has_neither_a_linear_models_weights_nor_its_distance(
    open_page: OpenPage, states: dict[str, Path]
) -> None:
    labels = [metric.label for metric in open_page("results", states["hidden"]).metric]
    assert "From least squares" in labels
    said = texts(open_page("surface", states["hidden"], surface__model="All features"))
    assert "The linear model has 13 weights" in said
    assert "The recorded run has hidden layers" in said
    assert "has no limit like $2/" in said
    assert "diverges with raw" not in said  # it descends on the absolute error


def test_the_data_of_a_run_on_raw_features_say_that_they_are_raw(open_page: OpenPage, diverged: Project) -> None:
    said = texts(open_page("data", diverged.root))
    assert "normalize.scaling is none in this run" in said
    assert "This run does not normalize them" in said


@pytest.mark.parametrize("name", OF_A_RUN)
def test_before_the_first_run_a_page_offers_to_make_it(open_page: OpenPage, tmp_path: Path, name: str) -> None:
    app = open_page(name, tmp_path)
    assert not app.exception
    assert "Nothing is recorded yet" in texts(app)
    assert [button.label for button in app.button] == ["Run the pipeline"]


def test_a_page_names_the_broken_file(open_page: OpenPage, tmp_path: Path, recorded: Project) -> None:
    _copy_data(recorded, tmp_path)
    (tmp_path / store.METRICS).write_bytes(b"{}")
    app = open_page("results", tmp_path)
    assert not app.exception
    assert store.METRICS in texts(app)


def test_a_page_stays_up_while_a_file_is_cut_short_or_missing_and_shows_the_run_when_it_is_whole_again(
    open_page: OpenPage, tmp_path: Path, recorded: Project
) -> None:
    _copy_data(recorded, tmp_path)
    app = open_page("start", tmp_path)
    title = app.title[0].value
    for short in FILES:
        whole = (tmp_path / short).read_bytes()
        for damaged in (whole[: len(whole) // 2], None):
            (tmp_path / short).unlink()
            if damaged is not None:
                (tmp_path / short).write_bytes(damaged)
            app = app.run()
            assert not app.exception
            assert app.title[0].value == title
            assert "Showing the last complete run" in texts(app)
        (tmp_path / short).write_bytes(whole)
        assert "Showing the last complete run" not in texts(app.run())


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_is_drawn_from_memory_is_the_same_again(
    open_page: OpenPage, states: dict[str, Path], name: str
) -> None:
    app = open_page(name, states["linear"])
    assert is_up(app)
    assert _shown(app) == _shown(app.run())


@pytest.mark.parametrize("name", ["results", "data"])
def test_a_page_that_was_seen_shows_another_run_as_soon_as_there_is_one(
    open_page: OpenPage, states: dict[str, Path], tmp_path: Path, name: str
) -> None:
    fresh = {}
    for state in ("linear", "diverged"):
        shutil.copytree(states[state] / "data", tmp_path / state / "data")
        fresh[state] = _shown(open_page(name, tmp_path / state))
    assert fresh["linear"] != fresh["diverged"]
    now = shutil.copytree(tmp_path / "linear", tmp_path / "now")
    app = open_page(name, now)
    assert _shown(app) == fresh["linear"]
    shutil.copytree(tmp_path / "diverged", now, dirs_exist_ok=True)
    assert _shown(app.run()) == fresh["diverged"]


def test_while_dvc_runs_a_stage_the_page_says_so(tmp_path: Path, open_page: OpenPage, recorded: Project) -> None:
    _copy_data(recorded, tmp_path)
    app = open_page("results", tmp_path)
    (tmp_path / store.METRICS).unlink()
    note = tmp_path / ".dvc" / "tmp" / "rwlock"
    note.parent.mkdir(parents=True)
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    for writer, sentence in (
        (os.getpid(), "The pipeline is running."),
        (int(ended.stdout), "Showing the last complete"),
    ):
        note.write_text(json.dumps({"write": {"data/run/metrics.json": {"pid": writer, "cmd": "dvc repro"}}}))
        assert sentence in texts(app.run())


def test_files_of_two_runs_are_never_shown_as_one(tmp_path: Path, recorded: Project, hidden: Project) -> None:
    for name in (store.WEIGHTS, store.HISTORY, store.PREDICTIONS, store.TRAINING, store.METRICS):
        _copy_data(recorded, tmp_path)
        shutil.copy(hidden.root / name, tmp_path / name)
        assert Records(tmp_path).snapshot().record is None, name


def _shown(app: AppTest) -> list[str]:
    """All that is on the page, but for what has an identity of its own, such as a slider."""
    return [element for node in app.main if 'id: "$$ID' not in (element := str(getattr(node, "proto", "")))]


def _copy_data(project: Project, root: Path) -> None:
    shutil.copytree(project.root / "data", root / "data", dirs_exist_ok=True)

"""The stages as processes: what they say, and that bad input gets one line, exit status 1 and changes nothing."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.record import store
from pipeline.tables.store import RAW, TFJS_SPLIT
from tests.projects import Project
from tests.tables import CATEGORIES, FEATURES, mixed

CONSTANT = "a,b\n" + "".join(f"7,{row}\n" for row in range(20))
OWN = {"dataset": "own", "csv": "data/mine.csv"}

Change = Callable[[Project], Any]


def mine(content: str) -> Change:
    """A table of one's own."""
    return lambda project: (project.root / "data" / "mine.csv").write_text(content)


def gone(name: str) -> Change:
    """A file that is not there."""
    return lambda project: (project.root / name).unlink()


def broken(name: str) -> Change:
    """A file that was cut short."""

    def cut(project: Project) -> None:
        path = project.root / name
        path.write_bytes(path.read_bytes()[:-30])

    return cut


def another_table(project: Project) -> None:
    """A raw table that is not the known one: its last row stands twice."""
    path = project.root / RAW
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]))


def params(text: str, replacement: str) -> Change:
    """A change of params.yaml."""

    def edit(project: Project) -> None:
        path = project.root / "params.yaml"
        assert text in path.read_text()
        path.write_text(path.read_text().replace(text, replacement))

    return edit


def nothing(_: Project) -> None:
    """No change."""


REFUSED = [
    ("download", nothing, {"dataset": "own", "csv": "data/none.csv"}, "download.csv is 'data/none.csv', which cannot"),
    ("download", nothing, {"dataset": "own", "csv": "data"}, "download.csv is 'data', which is not a file"),
    ("download", mine("a,b\n1,2\n"), OWN, "data/mine.csv has 1 rows of data; at least 10 are needed"),
    ("download", nothing, {"dataset": "iris"}, "dataset is 'iris'; expected one of boston_housing, own"),
    ("normalize", nothing, {"target": "rent"}, "normalize.target names the column 'rent'; the table has crim, zn"),
    ("normalize", nothing, {"split": "random", "test_fraction": 0.0005}, "the test part of 506 rows would be empty"),
    ("normalize", another_table, {}, "normalize.split is tfjs, but data/raw.csv has no fixed split"),
    ("normalize", broken(RAW), {}, "data/raw.csv is not a table"),
    ("normalize", gone(TFJS_SPLIT), {}, "data/tfjs_split.json does not exist"),
    ("train", nothing, {"batch_size": 267}, "train.batch_size is 267; expected at most 266, the number of training"),
    ("train", nothing, {"learning_rate": 0}, "learning_rate is '0'; expected a number above 0"),
    ("evaluate", gone(store.TRAINING), {}, "data/run/training.json does not exist yet; run `dvc repro`"),
    ("params", params("epochs: 200", "epochs: [2"), {}, "is not valid YAML"),
    ("params", params("medv\n", "rent\n"), {}, "normalize.target names the column 'rent'; the table has crim"),
    ("params", gone("params.yaml"), {}, "params.yaml cannot be read"),
]


@pytest.mark.parametrize(
    ("name", "change", "settings", "message"), REFUSED, ids=[f"{r[0]}: {r[3][:60]}" for r in REFUSED]
)
def test_bad_input_gets_one_line_and_exit_status_1_and_changes_nothing(
    project_copy: Project, name: str, change: Change, settings: dict[str, Any], message: str
) -> None:
    change(project_copy)
    before = project_copy.results()
    done = project_copy.stage(name, status=1, **settings)
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert project_copy.results() == before


def test_an_own_table_is_checked_with_the_settings_before_any_stage_runs(project_copy: Project) -> None:
    project_copy.set(download__dataset="own", download__csv="data/mine.csv", normalize__split="random")
    project_copy.set(normalize__target="b", normalize__features="[a]", train__batch_size="4")
    assert "download.csv is 'data/mine.csv'" in project_copy.stage("params", status=1).stderr
    mine(CONSTANT)(project_copy)
    assert "'a' is 7 in every training row" in project_copy.stage("params", status=1).stderr
    mine(CONSTANT.replace("7,9", "8,9").replace("7,1\n", "6,1\n"))(project_copy)
    assert project_copy.stage("params").stdout == "params.yaml is valid\n"


def test_the_largest_batch_that_is_let_through_has_all_training_rows(project_copy: Project) -> None:
    project_copy.set(train__batch_size="266")
    assert project_copy.stage("params").stdout == "params.yaml is valid\n"
    project_copy.set(train__batch_size="267")
    assert "train.batch_size is 267; expected at most 266" in project_copy.stage("params", status=1).stderr


def test_each_stage_says_what_it_did(project_copy: Project) -> None:
    metrics = project_copy.store.read_metrics()
    assert project_copy.stage("download").stdout.startswith("download: 506 rows")
    assert project_copy.stage("normalize").stdout == "normalize: 266 train, 67 validation, 173 test rows; 12 features\n"
    assert project_copy.stage("train").stdout.startswith("train: completed after 200 epochs in ")
    assert project_copy.stage("evaluate").stdout == f"evaluate: test mse {metrics.test['mse']:g}\n"


def test_rows_that_are_left_out_and_the_inputs_that_features_make_are_said(project_copy: Project) -> None:
    table = mixed().to_csv(index=False)
    categories = json.dumps(CATEGORIES)
    project_copy.use_own(table, "price", FEATURES, normalize__categories=categories, normalize__missing="drop_rows")
    assert project_copy.stage("params").stdout == "params.yaml is valid\n"
    project_copy.stage("download")
    whole = len(mixed().dropna(subset=["price", *FEATURES]))
    first, second = project_copy.stage("normalize").stdout.splitlines()
    said = f"left out of 200 rows: 2 without a target, {198 - whole} with gaps in {', '.join(FEATURES)}"
    assert first == f"normalize: {said}"
    assert second.endswith("rows; 5 features, which make 10 inputs")


def test_gaps_and_texts_that_the_settings_do_not_take_are_refused_at_once_before_any_stage(
    project_copy: Project,
) -> None:
    project_copy.use_own(mixed().to_csv(index=False), "price", [*FEATURES, "remark"])
    texts = project_copy.stage("params", status=1).stderr
    assert "'town' is text (" in texts
    assert "'remark' is text (" in texts
    assert "add them to normalize.categories, or take them out of normalize.features" in texts
    project_copy.set(normalize__features=json.dumps(FEATURES), normalize__categories=json.dumps(CATEGORIES))
    gaps = project_copy.stage("params", status=1).stderr
    assert "cells are missing in 'area' (6 of 200 rows), 'river' (7 of 200 rows), 'town' (8 of 200 rows)" in gaps
    project_copy.stage("download")
    assert project_copy.stage("normalize", status=1).stderr == gaps.replace("params", "normalize", 1)


def test_a_run_that_diverges_is_recorded_and_the_stable_learning_rate_is_said(project_copy: Project) -> None:
    assert "diverged after" in project_copy.stage("train", learning_rate=1.0).stdout
    said = project_copy.stage("evaluate").stdout
    metrics = project_copy.store.read_metrics()
    stable = metrics.largest_stable_learning_rate
    assert metrics.status == "diverged"
    assert f"the run diverged in epoch {metrics.epochs_run} at a learning rate of 1;" in said
    assert f"with all rows in every update, training is stable up to {stable:.3g}" in said
    assert project_copy.store.read_run().history["epoch"].max() == metrics.epochs_run


def test_training_draws_its_progress_on_a_terminal_and_control_c_ends_it_in_one_line(project_copy: Project) -> None:
    before = project_copy.results()
    screen, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    command = project_copy.command("train", model="two_hidden", batch_size=1, epochs=10_000)
    with project_copy.started(*command, stderr=terminal) as training:
        os.close(terminal)
        said = ""
        while "epoch/s" not in said:
            said += os.read(screen, 1000).decode()
        training.send_signal(signal.SIGINT)
        said = _read_to_end(screen)  # a terminal that nobody reads would hold the program up
        assert training.wait(60) == 1
    os.close(screen)
    assert said.splitlines()[-1] == "error: stopped before the end; run the command again to continue"
    assert "Traceback" not in said
    assert project_copy.results() == before


def test_control_c_while_modules_are_imported_leaves_no_traceback(project_copy: Project) -> None:
    with project_copy.started(*project_copy.command("train"), stderr=subprocess.PIPE) as training:
        while "numpy" not in Path(f"/proc/{training.pid}/maps").read_text():
            time.sleep(0.01)
        training.send_signal(signal.SIGINT)
        assert training.communicate()[1] == b""
    assert training.returncode == -signal.SIGINT


def _read_to_end(screen: int) -> str:
    said = b""
    with contextlib.suppress(OSError):  # how a terminal says that its last writer is gone
        while piece := os.read(screen, 1000):
            said += piece
    return said.decode()

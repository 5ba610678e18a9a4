"""Tests of listing and revisions: what is recorded, listed, renamed and removed."""

import json
import os
from pathlib import Path

import pytest

from dashboard.experiments import listing as experiments
from dashboard.experiments import revisions
from dashboard.experiments.differences import difference
from dashboard.live.registry import Registry
from dashboard.record.kept import cache_folder
from dashboard.record.reading import read_record
from pipeline.params.editing import flat
from pipeline.safety.errors import UserError
from tests.dashboard.conftest import PlanWith
from tests.dashboard.experiments.conftest import ODD_NAMES, WATCHED, Laboratory
from tests.dashboard.experiments.processes import processes_in
from tests.waiting import until, until_ended


def test_recording_leaves_every_file_and_the_branch_as_they_are_at_every_moment(laboratory: Laboratory) -> None:
    attached, detached = sorted(laboratory.seen, key=lambda seen: seen[0] != b"ref: refs/heads/main\n")
    assert attached[0] == b"ref: refs/heads/main\n"
    assert attached[1:] == detached[1:]
    assert None not in attached
    assert len(attached) == len(WATCHED)


def test_the_table_says_what_dvc_says(laboratory: Laboratory) -> None:
    table = {row.name: row for row in experiments.list_experiments(laboratory.root)}
    shown = json.loads(laboratory.project.dvc("exp", "show", "--json", "--all-commits"))
    here, commit = shown[0], next(row for row in shown if row["rev"] == table["HEAD"].revision)
    kept = {row["name"]: row["revs"][0] for row in commit["experiments"]}
    assert list(table) == ["workspace", "HEAD", "own", "lr-0.05"]
    assert kept.keys() == {"own", "lr-0.05"}
    for name, row in {"workspace": here, "HEAD": commit, **kept}.items():
        assert table[name].params == flat(row["data"]["params"]["params.yaml"]["data"])
        assert table[name].metrics == flat(row["data"]["metrics"]["data/run/metrics.json"]["data"])
        assert table[name].revision in (row["rev"], "")
    assert table["own"].created is not None


def test_values_arrive_in_an_experiment_as_they_were_given(laboratory: Laboratory) -> None:
    own = laboratory["own"].params
    assert own["normalize.features"] == ODD_NAMES
    assert (own["train.learning_rate"], own["train.nesterov"]) == (1e-06, True)
    assert own["download.url"] is None
    assert not (laboratory.root / "oh-no").exists()


def test_a_recorded_run_can_be_read_without_checking_it_out(laboratory: Laboratory) -> None:
    with revisions.open_run(laboratory.root, laboratory["own"].revision) as place:
        record = read_record(place)
    assert record.data.names == ODD_NAMES
    assert record.run.epochs_run == 3
    assert record.metrics.test["mse"] == laboratory["own"].metrics["test.mse"]
    assert not place.root.exists()


def test_what_was_tried_live_is_what_was_recorded_and_another_run_is_told_apart(
    laboratory: Laboratory, trainer: Registry, plan_with: PlanWith
) -> None:
    tried = until_ended(trainer.start(plan_with(train__learning_rate=0.05))).result
    assert tried is not None
    recorded, other = laboratory["lr-0.05"].revision, laboratory["own"].revision
    features = laboratory["lr-0.05"].params["normalize.features"]
    with revisions.open_run(laboratory.root, recorded) as place:
        assert difference(place, tried.sha256, tried.updates, tried.path, features) is None
        other_losses = {**tried.sha256, "history.csv": "0" * 64}
        said = difference(place, other_losses, tried.updates, tried.path, features)
        assert said == "all weights compared are equal, but not all of history.csv"
    with revisions.open_run(laboratory.root, other) as place:
        said = difference(place, tried.sha256, tried.updates, tried.path, features)
        assert said == "it has 13 weights instead of 12"


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"train.learning_rate": 0.01, "train.device": "auto"}, "same", "these settings are those of params.yaml"),
        ({"train.learning_rate": 0.05}, "lr-0.05", "an experiment lr-0.05 already"),
        ({"train.learning_rate": 0.05}, "--force", "cannot name an experiment"),
        ({"download.csv": "../secret.csv"}, "csv", "must be a file inside the project"),
    ],
)
def test_what_cannot_be_recorded_is_refused_before_anything_starts(
    laboratory: Laboratory, changes: dict[str, float | str], name: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        experiments.record(laboratory.root, changes, name)


def test_values_that_do_not_fit_the_data_are_refused_before_a_stage_runs(laboratory: Laboratory) -> None:
    command = experiments.record(laboratory.root, {"train.batch_size": 267}, "big")
    assert command.wait(60) == "failed"
    assert command.problem == "train.batch_size is 267; expected at most 266, the number of training rows"
    assert not any("Running stage" in line for line in command.lines)
    assert experiments.names_of(laboratory.root) == {"lr-0.05", "own"}


def test_a_recording_that_is_stopped_leaves_nothing(laboratory: Laboratory) -> None:
    command = experiments.record(laboratory.root, {"train.epochs": 10_000, "train.model": "two_hidden"}, "long")
    until(lambda: any("python -m pipeline.train" in line for line in command.lines))
    command.stop()
    assert command.wait(60) == "stopped"
    assert processes_in(laboratory.root) == []
    assert experiments.names_of(laboratory.root) == {"lr-0.05", "own"}
    assert not (laboratory.root / ".dvc" / "tmp" / "recording").exists()
    assert not any("Traceback" in line for line in command.lines)


def test_an_experiment_can_be_renamed_and_removed(laboratory: Laboratory, tmp_path: Path) -> None:
    mine = laboratory.copy(tmp_path / "project")
    revision = mine["own"].revision
    with pytest.raises(UserError, match="already"):
        experiments.rename(mine.root, mine["own"], "lr-0.05")
    experiments.rename(mine.root, mine["own"], "better")
    assert mine["better"].revision == revision
    listed = mine.project.dvc("exp", "list", "--all-commits", "--name-only").split()
    assert sorted(listed) == ["better", "lr-0.05"]
    gone = [mine["better"], mine["lr-0.05"]]
    experiments.remove(mine.root, gone)
    assert experiments.names_of(mine.root) == set()
    with pytest.raises(UserError, match="git update-ref failed"):
        experiments.rename(mine.root, gone[0], "best")


def test_what_is_no_longer_there_is_said_in_a_sentence(laboratory: Laboratory, tmp_path: Path) -> None:
    mine = laboratory.copy(tmp_path / "project")
    revision = mine["own"].revision
    for path in cache_folder(mine.root).rglob("*"):
        if path.is_file():
            os.chmod(path, 0o600)
            path.unlink()
    cases = {
        revision: "of this run is not in DVC's cache",
        "0" * 40: "has no recorded run",
    }
    for asked, said in cases.items():
        with pytest.raises(UserError, match=said), revisions.open_run(mine.root, asked):
            pytest.fail("a run was opened that is not there")

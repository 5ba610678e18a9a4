"""Tests of `dashboard.experiments.listing`: the record follows an adopted experiment, out of DVC's run cache."""

from pathlib import Path

from dashboard.experiments import revisions
from dashboard.experiments.commands import Command
from dashboard.experiments.listing import adopt
from dashboard.record.kept import RECORDED
from tests.dashboard.experiments.conftest import Laboratory


def test_an_adopted_experiment_comes_back_whole_without_a_stage_being_run(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    mine = laboratory.copy(tmp_path / "project")
    before = (mine.root / "params.yaml").read_text(encoding="utf-8").splitlines()
    command = adopt(mine.root, mine["lr-0.05"].params)
    assert command.wait(60) == "succeeded"
    assert not any("Running stage" in line for line in command.lines)
    assert "Stage 'train' is cached - skipping run, checking out outputs" in command.lines
    after = (mine.root / "params.yaml").read_text(encoding="utf-8").splitlines()
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ("  learning_rate: 0.01", "  learning_rate: 0.05")
    ]
    with revisions.open_run(mine.root, mine["lr-0.05"].revision) as recorded:
        for name in RECORDED:
            assert (mine.root / name).read_bytes() == (recorded.root / name).read_bytes()


def test_adopting_back_what_was_recorded_before_runs_no_stage_either(laboratory: Laboratory, tmp_path: Path) -> None:
    mine = laboratory.copy(tmp_path / "project")
    text, results = (mine.root / "params.yaml").read_bytes(), mine.project.results()
    was = mine["workspace"].params
    for wanted in (mine["own"].params, was):
        command = adopt(mine.root, wanted)
        assert command.wait(60) == "succeeded"
        assert not any("Running stage" in line for line in command.lines)
    assert (mine.root / "params.yaml").read_bytes() == text
    assert mine.project.results() == results


def test_values_that_do_not_fit_the_data_leave_params_yaml_as_it_was(laboratory: Laboratory) -> None:
    before = (laboratory.root / "params.yaml").read_bytes()
    command = adopt(laboratory.root, {"train.batch_size": 267, "train.seed": 5})
    assert command.wait(60) == "failed"
    assert str(command.problem).startswith("train.batch_size is 267")
    assert (laboratory.root / "params.yaml").read_bytes() == before


def test_an_edit_that_someone_saves_in_the_same_moment_is_not_overwritten(laboratory: Laboratory) -> None:
    before = (laboratory.root / "params.yaml").read_bytes()
    after = {"params.yaml": before.decode(), "start.json": "{}\n"}
    errand = {"errand": "adopt", "before": {**after, "params.yaml": "what was read a moment ago"}, "after": after}
    command = Command(laboratory.root, "dvc repro", errand)
    assert command.wait(60) == "failed"
    assert "has just been changed" in str(command.problem)
    assert (laboratory.root / "params.yaml").read_bytes() == before

"""The report at the end of `make repro`: the metrics beside their references, and whether the record is the same."""

import json
import shutil

import pytest

from tests.projects import Project


def report(project: Project) -> str:
    """What the report says."""
    return project.stage("report").stdout


def test_the_metrics_stand_beside_baseline_and_optimum(recorded: Project) -> None:
    said = report(recorded)
    shown = {line[:22].strip(): line[22:].split() for line in said.splitlines()}
    mse = recorded.store.read_metrics().test["mse"]
    assert [shown[name][0] for name in ("predicting the mean", "this run", "least squares")] == [
        "85.5829",
        f"{mse:g}",
        "22.6112",
    ]
    assert "completed after 200 epochs, on the " in said
    assert " above the least possible for a linear model" in said


def test_numbers_beyond_all_measure_stay_apart_and_better_than_linear_is_below(project_copy: Project) -> None:
    path = project_copy.root / "data" / "run" / "metrics.json"
    metrics = json.loads(path.read_text())
    metrics["test"] |= {"mse": 2.58059e54, "rmse": 1.60642e27, "mae": 1.51128e27, "r2": -3.51128e52}
    metrics["distance_to_optimum"] = -15.4242
    path.write_text(json.dumps(metrics))
    said = report(project_copy)
    assert "2.58059e+54 1.60642e+27 1.51128e+27 -3.51128e+52" in said
    assert "15.4242 below the least possible for a linear model" in said


def test_the_stable_learning_rate_is_that_of_the_runs_momentum(project_copy: Project) -> None:
    project_copy.stage("train", momentum=0.9, epochs=2)
    project_copy.stage("evaluate")
    without = project_copy.store.read_metrics().largest_stable_learning_rate
    assert f"training is stable up to {1.9 * without:.6g}\n" in report(project_copy)


def test_in_a_clone_without_a_run_of_its_own_the_committed_metrics_are_reported(project_copy: Project) -> None:
    (project_copy.root / "data" / "run" / "training.json").unlink()
    limit = project_copy.store.read_metrics().largest_stable_learning_rate
    assert (
        f"a linear model on mse, with all rows in every update and without momentum, is stable up to {limit:g}\n"
        in report(project_copy)
    )


def test_a_run_that_equals_the_committed_record_is_said_to_agree(project_copy: Project) -> None:
    project_copy.commit()
    assert report(project_copy).endswith("this run agrees with the committed record, byte for byte\n")


def test_other_parameters_are_distinguished_from_another_result_of_the_same_parameters(project_copy: Project) -> None:
    project_copy.commit()
    history = project_copy.root / "data" / "run" / "history.csv"
    history.write_text(history.read_text().replace("\n5", "\n6"))
    assert "although parameters, data and code are the same" in report(project_copy)
    project_copy.set(train__learning_rate="0.02")
    assert "which was made with other parameters, data or code" in report(project_copy)


@pytest.mark.parametrize("lock", ["", "schema: '2.0'\n", "stages: {train: {cmd: x}}\n", "<<<<<<< HEAD\n", None])
def test_a_lock_file_that_is_none_is_no_reason_to_end_in_a_traceback(project_copy: Project, lock: str | None) -> None:
    project_copy.commit()
    path = project_copy.root / "dvc.lock"
    path.unlink() if lock is None else path.write_text(lock, encoding="utf-8")
    assert "which was made with other parameters, data or code" in report(project_copy)


def test_without_a_commit_or_without_git_there_is_nothing_to_compare_with(project_copy: Project) -> None:
    shutil.rmtree(project_copy.root / ".git")
    assert report(project_copy).endswith("there is no committed record to compare with\n")
    assert project_copy.stage("report", variables={"PATH": ""}).stdout == report(project_copy)


def test_before_the_pipeline_has_run_the_report_says_what_to_run(project_copy: Project) -> None:
    (project_copy.root / "data" / "run" / "metrics.json").unlink()
    said = project_copy.stage("report", status=1).stderr
    assert said == "error: data/run/metrics.json does not exist yet; run `dvc repro` to create it\n"

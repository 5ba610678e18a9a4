"""Several at once: one works, the others say who is busy or work beside it, and nothing is mixed up."""

import re
from pathlib import Path

import pytest

from dashboard.experiments import listing as experiments
from dashboard.experiments.listing import repro
from pipeline.safety.errors import UserError
from tests.faults.kills import Hold, unsettle
from tests.faults.test_recordings import CHANGES, held, settle
from tests.projects import Project


def test_of_two_repros_the_second_says_which_process_is_busy_and_the_first_works(
    recorded: Project, project_copy: Project, tmp_path: Path
) -> None:
    unsettle(project_copy, "normalize")
    hold = Hold(tmp_path / "moments", "normalize", "compute")
    with project_copy.started("-m", "dvc", "repro", variables=hold.variables) as first:
        hold.reached(lambda: first.poll() is None)
        said = project_copy.dvc("repro", status=255)
        assert re.search(rf"is busy, it is being blocked by:\s+\(PID {first.pid}\): \S+ repro", said)
        hold.let_go()
        assert first.wait(120) == 0
    assert project_copy.results() == recorded.results()
    assert project_copy.repro() == []


def test_during_a_recording_a_repro_in_a_terminal_works_and_other_commands_say_who_is_busy(
    recorded: Project, project_copy: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(project_copy)
    hold = Hold(tmp_path / "moments", "train", "read")
    recording, _ = held(project_copy, hold, "first", monkeypatch)
    message = rf"busy with recording first since {recording.began:%H:%M:%S}; wait until it ends, or stop it"
    with pytest.raises(UserError, match=message):
        experiments.record(project_copy.root, CHANGES, "second")
    with pytest.raises(UserError, match=message):
        repro(project_copy.root)
    unsettle(project_copy, "normalize", "evaluate")
    assert project_copy.repro() == ["normalize", "evaluate"]
    hold.let_go()
    assert recording.wait(120) == "succeeded", "\n".join(recording.lines)
    assert project_copy.results() == recorded.results()
    assert_recorded_as_alone(project_copy, "first")
    recorded_weights = project_copy.store.read_metrics().weights_sha256
    project_copy.dvc("repro", "--force", "--single-item", "train")
    assert project_copy.store.read_training().weights_sha256 == recorded_weights


def assert_recorded_as_alone(project: Project, name: str) -> None:
    """The experiment is what `dvc repro` makes of the same values, and its run is in the cache, whole."""
    kept = next(row for row in experiments.list_experiments(project.root) if row.name == name)
    project.set(train__epochs=str(CHANGES["train.epochs"]))
    assert project.repro() == []
    assert kept.metrics["weights_sha256"] == project.store.read_metrics().weights_sha256

"""Recordings killed or beside other commands: one works, the others say who is busy, and nothing is mixed up."""

import re
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM

import pytest

from dashboard.experiments import listing as experiments
from dashboard.experiments.commands import Command
from dashboard.experiments.private_copy import PRIVATE_COPY
from pipeline.safety.errors import UserError
from tests.dashboard.experiments.processes import processes_in
from tests.faults.kills import Hold, Kill, left_behind, unsettle, watched
from tests.projects import Project
from tests.waiting import until

CHANGES = {"train.epochs": 3}
KILLS = [
    Kill("train", "import", SIGKILL, "dvc"),
    Kill("train", "import", SIGTERM, "group"),
    Kill("train", "import", SIGKILL, "errand"),
    Kill("evaluate", "drafts", SIGINT, "stage"),
]


def held(project: Project, hold: Hold, name: str, patch: pytest.MonkeyPatch) -> tuple[Command, int]:
    """Start a recording whose stage is held; return the command and the process of the stage."""
    with patch.context() as environment:
        for key, value in hold.variables.items():
            environment.setenv(key, value)
        command = experiments.record(project.root, CHANGES, name)
    return command, hold.reached(lambda: command.state == "running")


def test_after_every_killed_recording_the_next_one_works_and_the_project_is_as_it_was(
    project_copy: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_copy.commit()
    before, runs = project_copy.results(), {project_copy.store.read_metrics().weights_sha256}
    with watched(project_copy) as seen:
        for number, kill in enumerate(KILLS):
            hold = Hold(tmp_path / "moments", kill.who, kill.moment)
            command, stage = held(project_copy, hold, f"killed-{number}", monkeypatch)
            kill.send(stage)
            hold.let_go()
            assert command.wait(60) == "failed", str(kill)
            assert command.problem
            until(lambda: processes_in(project_copy.root) == [])
            assert experiments.names_of(project_copy.root) == set()
        last = experiments.record(project_copy.root, CHANGES, "last")
        assert last.wait(120) == "succeeded", "\n".join(last.lines)
    assert seen == runs
    assert project_copy.results() == before
    assert project_copy.git("status", "--porcelain") == ""
    assert left_behind(project_copy) == []
    assert not (project_copy.root / PRIVATE_COPY).exists()
    assert experiments.names_of(project_copy.root) == {"last"}

    project_copy.set(train__epochs="3")
    assert project_copy.repro() == []  # DVC has the recorded run, and no half of any other
    assert project_copy.store.read_training().settings.epochs == 3


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
    project_copy.commit()
    hold = Hold(tmp_path / "moments", "train", "read")
    recording, _ = held(project_copy, hold, "first", monkeypatch)
    message = rf"busy with recording first since {recording.began:%H:%M:%S}; wait until it ends, or stop it"
    with pytest.raises(UserError, match=message):
        experiments.record(project_copy.root, CHANGES, "second")
    with pytest.raises(UserError, match=message):
        experiments.repro(project_copy.root)
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

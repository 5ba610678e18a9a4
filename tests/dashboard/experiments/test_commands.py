"""Tests of commands and errands: real DVC, and a stage that does as each test likes."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.experiments.commands import Command
from dashboard.experiments.listing import repro
from pipeline.safety.errors import UserError
from tests.dashboard.experiments.processes import processes_in
from tests.projects import Project
from tests.waiting import until

WAIT = "print('begun', flush=True)\nwhile not pathlib.Path('go').exists(): time.sleep(0.01)\n"
DEAF = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"


@pytest.fixture
def root(project_copy: Project) -> Iterator[Path]:
    """A project whose only stage runs `stage.py`. Nothing is at work in it in the end, whatever became of the test."""
    (project_copy.root / "dvc.yaml").write_text("stages:\n  only:\n    cmd: python stage.py\n", encoding="utf-8")
    yield project_copy.root
    for process in processes_in(project_copy.root):
        process.kill()


def stage_does(root: Path, code: str) -> None:
    (root / "stage.py").write_text(f"import pathlib, signal, shutil, sys, time\n{code}", encoding="utf-8")


def after_the_last(root: Path) -> Command:
    """Start anew; a process that is being killed gives up its turn a moment after it can no longer be seen."""
    started: list[Command] = []

    def start() -> bool:
        with contextlib.suppress(UserError):
            started.append(repro(root))
        return bool(started)

    until(start)
    return started[0]


def until_begun(command: Command) -> None:
    until(lambda: "begun" in command.lines)


def test_a_process_that_cannot_be_started_is_said_and_the_turn_is_free_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(sys, "executable", str(root / "no-such-program"))
        with pytest.raises(UserError, match="no process can be started for the pipeline"):
            repro(root)
    stage_does(root, "")
    repro(root).wait()


def test_what_a_stage_prints_can_be_read_while_it_runs(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_python = tmp_path / "elsewhere" / "python"
    other_python.parent.mkdir()
    other_python.symlink_to("/bin/false")
    monkeypatch.setenv("PATH", f"{other_python.parent}{os.pathsep}{os.environ['PATH']}")
    stage_does(root, f"{WAIT}print('done')\nprint(shutil.which('python'))")
    command = repro(root)
    until_begun(command)
    assert command.state == "running"
    (root / "go").touch()
    assert command.wait(60) == "succeeded"
    begun = command.lines.index("begun")
    assert command.lines[begun : begun + 3] == ("begun", "done", str(Path(sys.executable).with_name("python")))
    assert command.problem is None


def test_a_failed_stage_is_reported_in_its_own_words(root: Path) -> None:
    stage_does(root, "print('error: the moon is in the wrong place', file=sys.stderr)\nsys.exit(1)")
    command = repro(root)
    assert command.wait(60) == "failed"
    assert command.problem == "the moon is in the wrong place"


def test_where_only_dvc_says_what_is_wrong_its_words_are_shown(root: Path) -> None:
    (root / "dvc.yaml").write_text("stages:\n  only:\n    cmd: python stage.py\nplots: 3\n", encoding="utf-8")
    command = repro(root)
    assert command.wait(60) == "failed"
    said = "the pipeline ended with status 255, saying: './dvc.yaml' validation failed. expected a list, in plots"
    assert command.problem == said


def test_a_bad_params_yaml_is_refused_before_any_stage_runs(project_copy: Project) -> None:
    project_copy.set(train__epochs="0")
    command = repro(project_copy.root)
    assert command.wait(60) == "failed"
    assert "train.epochs is 0" in str(command.problem)
    assert not any("Running stage" in line for line in command.lines)


@pytest.mark.parametrize(("deafness", "grace"), [("", 60), (DEAF, 0.3)], ids=["", "deaf"])
def test_stopping_ends_everything_at_once_or_after_the_grace_and_shows_no_traceback(
    root: Path, deafness: str, grace: float
) -> None:
    stage_does(root, deafness + WAIT)
    command = Command(root, "dvc repro", {"errand": "repro"}, grace=grace)
    until_begun(command)
    command.stop()
    assert command.wait(30) == "stopped"
    assert processes_in(root) == []
    assert not any("Traceback" in line for line in command.lines)
    assert command.problem is None


def test_what_is_stopped_before_it_has_begun_never_begins(root: Path) -> None:
    stage_does(root, "pathlib.Path('result').touch()")
    command = repro(root)
    command.stop()
    assert command.wait(60) == "stopped"
    assert not (root / "result").exists()


def test_one_command_runs_at_a_time_and_a_second_says_which_and_since_when(root: Path) -> None:
    stage_does(root, WAIT)
    command = repro(root)
    message = rf"busy with the pipeline since {command.began:%H:%M:%S}"
    with pytest.raises(UserError, match=message):
        repro(root)
    elsewhere = "import pathlib, dashboard.experiments.listing as a; a.repro(pathlib.Path())"
    other = subprocess.run([sys.executable, "-c", elsewhere], cwd=root, capture_output=True, text=True, timeout=60)
    assert message in other.stderr
    (root / "go").touch()
    assert command.wait(60) == "succeeded"
    assert repro(root).wait(60) == "succeeded"


@pytest.mark.parametrize("deafness", ["", DEAF], ids=["", "deaf"])
def test_a_killed_server_leaves_nothing_at_work(root: Path, deafness: str) -> None:
    stage_does(root, deafness + WAIT + "pathlib.Path('result').touch()")
    server_code = (
        "import pathlib, time, dashboard.experiments.commands as c\n"
        "command = c.Command(pathlib.Path(), 'dvc repro', {'errand': 'repro'}, grace=0.3)\n"
        "while 'begun' not in command.lines and command.state == 'running': time.sleep(0.01)\n"
        "print('ready' if command.state == 'running' else command.problem, flush=True)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", server_code], cwd=root, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        server.kill()
    assert said == b"ready\n"
    until(lambda: processes_in(root) == [])
    (root / "go").touch()
    assert not (root / "result").exists()
    assert after_the_last(root).wait(60) == "succeeded"


def test_the_server_side_brings_neither_tensorflow_nor_dvc_nor_streamlit_along() -> None:
    code = (
        "import sys\n"
        "from dashboard.experiments import listing, revisions\n"
        "from dashboard.live import registry\n"
        "print(sorted({'tensorflow', 'keras', 'dvc', 'streamlit'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

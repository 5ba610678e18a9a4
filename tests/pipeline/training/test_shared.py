"""Rows over several processes on loopback: the losses of one process, and what happens when one is killed."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import numpy as np
import pytest

from pipeline.params import load
from pipeline.training.cluster import ANYWAY
from pipeline.training.descent import descend
from tests.pipeline.training.machines import addresses, config
from tests.projects import Project
from tests.waiting import until

STAGE = """
import sys
from pathlib import Path
from pipeline import train
from pipeline.safety.stage import safe_stage, while_wanted

def noted(epochs):
    for epoch in while_wanted(epochs):
        with Path(sys.argv[0]).open("a") as file:
            print(epoch.number, repr(float(epoch.training_loss)), repr(float(epoch.validation_loss)), file=file)
        yield epoch

train.while_wanted = noted
sys.argv[:2] = sys.argv[1:2]
with safe_stage():
    train.main()
"""
"""The stage train, which notes the losses of each epoch in a file, unrounded."""


@contextmanager
def started(projects: list[Project], notes: list[Path]) -> Iterator[list[Popen[bytes]]]:
    """Start the stage in each project, as the processes of one cluster, the chief first."""
    names = addresses(len(projects))
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                project.started(
                    "-c", STAGE, str(note), ANYWAY, stderr=PIPE, variables={"TF_CONFIG": config(names, number)}
                )
            )
            for number, (project, note) in enumerate(zip(projects, notes, strict=True))
        ]


def said_by(process: Popen[bytes]) -> tuple[int, str]:
    """How a process ended, and what it said of it."""
    _, said = process.communicate(timeout=100)
    return process.returncode, said.decode()


@pytest.fixture
def apart(project_copy: Project, tmp_path: Path) -> list[Project]:
    """The chief's project, and that of the other processes."""
    settings = {"model": "one_hidden", "momentum": "0.9", "batch_size": "8", "epochs": "3", "learning_rate": "0.001"}
    project_copy.set(**{f"train__{name}": value for name, value in settings.items()})
    return [project_copy, project_copy.copy(tmp_path / "other")]


def test_three_processes_have_the_losses_of_one_and_the_chief_alone_writes(
    apart: list[Project], tmp_path: Path
) -> None:
    chief, other = apart
    before = other.results()
    notes = [tmp_path / name for name in ("first", "second", "third")]
    with started([chief, other, other], notes) as processes:
        assert [said_by(process) for process in processes] == [(0, "")] * 3
    data, settings = chief.store.read_normalized(), load(chief.root / "params.yaml").train
    alone = list(descend(data.part("train"), data.part("validation"), settings))
    expected = [(epoch.number, epoch.training_loss, epoch.validation_loss) for epoch in alone]
    for note in notes:
        np.testing.assert_allclose(np.loadtxt(note), expected, rtol=1e-9)
    run = chief.store.read_run()
    assert run.epochs_run == 3
    np.testing.assert_allclose(run.result, alone[-1].weights[-1], rtol=1e-5)
    assert chief.store.read_training().settings == settings
    assert other.results() == before


def test_a_killed_worker_ends_the_chief_in_one_sentence_and_nothing_is_written(
    apart: list[Project], tmp_path: Path
) -> None:
    for project in apart:
        project.set(train__epochs="10000")
    before: Mapping[str, bytes] = apart[0].results()
    notes = [tmp_path / "first", tmp_path / "second"]
    with started(apart, notes) as (chief, worker):
        until(lambda: notes[0].exists() and len(notes[0].read_text().splitlines()) > 1)
        worker.kill()
        worker.communicate()
        status, said = said_by(chief)
    assert status == 1
    assert said.startswith("error: worker 1 at 127.0.0.1:")
    assert said.endswith(" has ended; nothing was written; start all of them again\n")
    assert said.count("\n") == 1
    assert apart[0].results() == before

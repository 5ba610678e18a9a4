"""Rows over several processes on loopback: the losses of one process, and what happens when one is killed."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from subprocess import PIPE, Popen

import numpy as np

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


def apart(project: Project, beside: Path, **settings: str) -> list[Project]:
    """The chief's project with some settings, and that of the other processes."""
    project.set(**{f"train__{name}": value for name, value in settings.items()})
    return [project, project.copy(beside)]


def losses_of_one(project: Project, epochs: int) -> list[tuple[int, float, float]]:
    """What a run in this process notes of so many epochs, the first included."""
    data, settings = project.store.read_normalized(), load(project.root / "params.yaml").train
    alone = islice(descend(data.part("train"), data.part("validation"), settings), epochs)
    return [(epoch.number, epoch.training_loss, epoch.validation_loss) for epoch in alone]


def test_three_processes_have_the_losses_of_one_and_the_chief_alone_writes(
    project_copy: Project, tmp_path: Path
) -> None:
    changes = {"model": "one_hidden", "momentum": "0.9", "batch_size": "8", "epochs": "3", "learning_rate": "0.001"}
    chief, other = apart(project_copy, tmp_path / "other", **changes)
    before = other.results()
    notes = [tmp_path / name for name in ("first", "second", "third")]
    with started([chief, other, other], notes) as processes:
        assert [said_by(process) for process in processes] == [(0, "")] * 3
    for note in notes:
        np.testing.assert_allclose(np.loadtxt(note), losses_of_one(chief, 4), rtol=1e-9)
    run, (_, training_loss, validation_loss) = chief.store.read_run(), losses_of_one(chief, 4)[-1]
    np.testing.assert_allclose(run.history.iloc[-1], [3, training_loss, validation_loss], rtol=1e-5)
    assert chief.store.read_training().settings == load(chief.root / "params.yaml").train
    assert other.results() == before


def test_two_processes_have_the_losses_of_one_until_one_is_killed_which_ends_the_other_in_one_sentence(
    project_copy: Project, tmp_path: Path
) -> None:
    both = apart(project_copy, tmp_path / "other", loss="mae", batch_size="5", epochs="10000")
    before = [project.results() for project in both]
    notes = [tmp_path / "first", tmp_path / "second"]
    with started(both, notes) as (chief, worker):
        until(lambda: notes[0].exists() and len(notes[0].read_text().splitlines()) > 3)
        worker.kill()
        worker.communicate()
        status, said = said_by(chief)
    assert status == 1
    assert re.fullmatch(
        r"error: worker 1 at 127.0.0.1:\d+ has ended; nothing was written; start all of them again\n", said
    )
    assert [project.results() for project in both] == before
    np.testing.assert_allclose(np.loadtxt(notes[0], max_rows=4), losses_of_one(both[0], 4), rtol=1e-9)

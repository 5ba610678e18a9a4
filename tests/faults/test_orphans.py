"""A stage whose DVC was killed before the stage noted who had started it, and how it knows."""

import json
import os
from pathlib import Path
from signal import SIGKILL

import pytest

from pipeline.record import store
from tests.faults.kills import Kill, kill_repro, unsettle
from tests.projects import Project

OUTPUTS = (store.NORMALIZED, store.SPLIT, store.SCALING)


def test_a_stage_whose_dvc_is_killed_before_it_noted_its_parent_writes_nothing(
    project_copy: Project, tmp_path: Path
) -> None:
    unsettle(project_copy, "normalize")
    kill_repro(project_copy, Kill("normalize", "import", SIGKILL, "dvc"), tmp_path / "moments")
    assert [name for name in OUTPUTS if (project_copy.root / name).exists()] == []


@pytest.mark.parametrize(
    ("writer", "status"),
    [(os.getpid(), 0), (1, 1), (None, 0)],
    ids=["the parent is DVC", "DVC is another", "DVC's note cannot be read"],
)
def test_a_stage_goes_on_only_for_the_dvc_that_has_noted_it_writes(
    recorded: Project, project_copy: Project, writer: int | None, status: int
) -> None:
    note = {"write": {str(project_copy.root / name): {"pid": writer, "cmd": "dvc repro"} for name in OUTPUTS}}
    (project_copy.root / ".dvc" / "tmp" / "rwlock").write_text(json.dumps(note) if writer else "")
    unsettle(project_copy, "normalize")
    done = project_copy.stage("normalize", status, {"DVC_STAGE": "normalize"})
    orphaned = "error: the process that started this stage has ended; the stage stopped and wrote nothing\n"
    assert done.stderr == (orphaned if status else "")
    for name in OUTPUTS:
        assert (project_copy.root / name).exists() == (status == 0)
    assert (project_copy.results() == recorded.results()) == (status == 0)

"""DVC killed while it writes a file of its own in place: the check that `make repro` and the dashboard run mends it."""

from pathlib import Path
from signal import SIGKILL

import pytest

from tests.faults.kills import Kill, kill_repro, unsettle
from tests.projects import Project


@pytest.mark.parametrize("name", ["dvc.lock", "rwlock"])
def test_a_file_of_dvc_that_is_cut_short_is_made_anew_without_repair(
    recorded: Project, project_copy: Project, tmp_path: Path, name: str
) -> None:
    unsettle(project_copy, "normalize")
    kill_repro(project_copy, Kill("dvc", name, SIGKILL, "dvc"), tmp_path / "moments")
    project_copy.dvc("repro", status=255)  # what DVC says by itself
    assert f"{name} was left incomplete when DVC was killed" in project_copy.stage("params").stdout
    project_copy.repro()
    assert project_copy.results() == recorded.results()
    assert project_copy.stage("params").stdout == "params.yaml is valid\n"

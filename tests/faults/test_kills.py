"""Every stage killed under `dvc repro`, at every moment, by every signal, at every target: the next one puts it right.

The whole matrix, and kills at random moments, are `make stress`.
"""

from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM

import pytest

from tests.faults.kills import Kill, kill_repro, left_behind, unsettle, watched
from tests.projects import Project

KILLS = {
    "download": [
        Kill("download", "drafts", SIGKILL, "stage"),
        Kill("download", "read", SIGTERM, "dvc"),
        Kill("download", "half", SIGINT, "group"),
    ],
    "normalize": [
        Kill("normalize", "half", SIGKILL, "group"),
        Kill("normalize", "compute", SIGINT, "stage"),
        Kill("normalize", "import", SIGKILL, "dvc"),
    ],
    "train": [
        Kill("train", "import", SIGINT, "stage"),
        Kill("train", "compute", SIGTERM, "group"),
        Kill("train", "drafts", SIGKILL, "dvc"),
    ],
    "evaluate": [
        Kill("evaluate", "end", SIGKILL, "group"),
        Kill("evaluate", "compute", SIGTERM, "stage"),
        Kill("evaluate", "read", SIGINT, "dvc"),
    ],
}


@pytest.mark.parametrize("stage", KILLS)
def test_after_every_kill_the_next_repro_works_and_gives_what_an_undisturbed_one_gives(
    recorded: Project, project_copy: Project, tmp_path: Path, stage: str
) -> None:
    with watched(project_copy) as seen:
        for kill in KILLS[stage]:
            unsettle(project_copy, stage)
            kill_repro(project_copy, kill, tmp_path / "moments")
        project_copy.repro()
    assert project_copy.results() == recorded.results()
    assert project_copy.git("status", "--porcelain") == recorded.git("status", "--porcelain")
    assert left_behind(project_copy) == []
    assert seen == {recorded.store.read_metrics().weights_sha256}


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

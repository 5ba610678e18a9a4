"""DVC killed while it writes a file of its own in place: the check that `make repro` and the dashboard run mends it."""

import re
from io import BytesIO
from pathlib import Path
from signal import SIGKILL

import pytest
from dvc.schema import COMPILED_LOCKFILE_SCHEMA
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from voluptuous import Invalid

from pipeline.mending import mend
from tests.faults.kills import Kill, kill_repro, unsettle
from tests.projects import Project


@pytest.mark.parametrize("name", ["dvc.lock", "rwlock"])
def test_a_file_of_dvc_that_is_cut_short_is_made_anew_without_repair(
    recorded: Project, project_copy: Project, tmp_path: Path, name: str
) -> None:
    unsettle(project_copy, "normalize")
    kill_repro(project_copy, Kill("dvc", name, SIGKILL, "dvc"), tmp_path / "moments")
    project_copy.dvc("repro", status=255)  # what DVC says by itself
    assert f"{name} was cut short when DVC was killed" in project_copy.stage("params").stdout
    project_copy.repro()
    assert project_copy.results() == recorded.results()
    assert project_copy.stage("params").stdout == "params.yaml is valid\n"


def test_a_lock_that_is_cut_short_anywhere_is_put_aside_where_dvc_would_refuse_it(
    recorded: Project, tmp_path: Path
) -> None:
    lock = YAML(typ="safe").load(recorded.root / "dvc.lock")
    del lock["stages"]["train"], lock["stages"]["evaluate"]
    for stage in lock["stages"].values():
        stage["deps"], stage["outs"] = stage["deps"][:2], stage["outs"][:1]  # many more are much the same
    written = BytesIO()
    YAML().dump(lock, written)
    whole = written.getvalue()
    (tmp_path / ".dvc" / "tmp").mkdir(parents=True)
    refused = 0
    for cut in re.finditer(rb"[ :\n]", whole):
        (tmp_path / "dvc.lock").write_bytes(whole[: cut.end()])
        is_put_aside = mend(tmp_path) == ["dvc.lock"]
        if not _taken_by_dvc(whole[: cut.end()]):
            assert is_put_aside, whole[: cut.end()][-80:]
            refused += 1
    assert refused > 100
    (tmp_path / "dvc.lock").write_bytes(whole)
    assert mend(tmp_path) == []


def _taken_by_dvc(content: bytes) -> bool:
    try:
        COMPILED_LOCKFILE_SCHEMA(YAML(typ="safe").load(content))
    except (YAMLError, Invalid):
        return False
    return True

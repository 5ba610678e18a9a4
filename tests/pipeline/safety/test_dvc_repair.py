"""What a killed DVC leaves cut short is put aside, whatever its length; what is something else stays."""

import fcntl
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.record.store import ROOT
from pipeline.safety.dvc_repair import repair
from tests.projects import Project

LOCK = (ROOT / "dvc.lock").read_bytes()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a whole dvc.lock and an empty note of DVC's."""
    (tmp_path / ".dvc" / "tmp").mkdir(parents=True)
    (tmp_path / ".dvc" / "tmp" / "rwlock").write_text("{}")
    (tmp_path / "dvc.lock").write_bytes(LOCK)
    return tmp_path


def test_what_is_whole_stays(root: Path) -> None:
    assert repair(root) == []
    assert (root / "dvc.lock").read_bytes() == LOCK


def test_where_dvc_has_never_run_there_is_nothing_to_mend(tmp_path: Path) -> None:
    (tmp_path / "dvc.lock").touch()
    assert repair(tmp_path) == []


def test_dvc_can_read_whatever_is_left_of_a_lock_file_of_any_length(project_copy: Project) -> None:
    lock = YAML(typ="safe").load(LOCK)
    lock["stages"] = {"normalize": lock["stages"]["normalize"]}  # of all stages every length would take minutes
    (stage,) = lock["stages"].values()
    stage["deps"], stage["outs"] = stage["deps"][:2], stage["outs"][:1]
    stage["deps"][0]["md5"] = "12e456" + stage["deps"][0]["md5"][6:]  # cut short, a whole number or a large one
    YAML().dump(lock, project_copy.root / "dvc.lock")
    read_by_dvc = (
        "import sys\n"
        "from pathlib import Path\n"
        "from dvc.dvcfile import Lockfile\n"
        "from dvc.repo import Repo\n"
        "from pipeline.safety.dvc_repair import repair\n"
        "repo, whole = Repo(), Path('dvc.lock').read_bytes()\n"
        "for length in range(len(whole) + 1):\n"
        "    Path('dvc.lock').write_bytes(whole[:length])\n"
        "    mended = repair(Path())\n"
        "    Lockfile(repo, 'dvc.lock').load()\n"
        "    print(*mended)\n"
    )
    mended = project_copy.python("-c", read_by_dvc).stdout.splitlines()
    assert len(mended) > 500
    assert mended.count("dvc.lock") > 200
    assert mended[-1] == ""


def test_a_lock_file_in_conflict_stays_for_a_person_to_look_at(root: Path) -> None:
    conflict = b"<<<<<<< ours\n" + LOCK[:99]
    (root / "dvc.lock").write_bytes(conflict)
    assert repair(root) == []
    assert (root / "dvc.lock").read_bytes() == conflict


def test_while_dvc_is_at_work_nothing_is_touched(root: Path) -> None:
    (root / "dvc.lock").write_bytes(b"")
    with (root / ".dvc" / "tmp" / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert repair(root) == []
    assert repair(root) == ["dvc.lock"]


@pytest.mark.parametrize("left", [b"", b'{"write": {"/a": {"pid"'])
def test_a_note_that_is_cut_short_is_put_aside(root: Path, left: bytes) -> None:
    (root / ".dvc" / "tmp" / "rwlock").write_bytes(left)
    assert repair(root) == ["rwlock"]
    assert repair(root) == []

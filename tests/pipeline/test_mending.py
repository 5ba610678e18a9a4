"""What a killed DVC leaves cut short is put aside, whatever its length; what is something else stays."""

import fcntl
from pathlib import Path

import pytest

from pipeline.mending import mend
from pipeline.store import ROOT
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
    assert mend(root) == []
    assert (root / "dvc.lock").read_bytes() == LOCK


def test_where_dvc_has_never_run_there_is_nothing_to_mend(tmp_path: Path) -> None:
    (tmp_path / "dvc.lock").touch()
    assert mend(tmp_path) == []


def test_dvc_can_read_whatever_is_left_of_a_lock_file_of_any_length(project_copy: Project) -> None:
    inside = LOCK.index(b"md5:") + 2  # in the middle of a key
    lengths = [0, 1, 12, 13, 14, 30, inside, *range(40, len(LOCK), len(LOCK) // 12), len(LOCK) - 1]
    read_by_dvc = (
        "import sys\n"
        "from pathlib import Path\n"
        "from dvc.dvcfile import Lockfile\n"
        "from dvc.repo import Repo\n"
        "from pipeline.mending import mend\n"
        "repo, whole = Repo(), Path('dvc.lock').read_bytes()\n"
        "for length in map(int, sys.argv[1:]):\n"
        "    Path('dvc.lock').write_bytes(whole[:length])\n"
        "    mended = mend(Path())\n"
        "    Lockfile(repo, 'dvc.lock').load()\n"
        "    print(length, *mended)\n"
    )
    done = project_copy.python("-c", read_by_dvc, *map(str, lengths))
    told = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    assert list(told) == list(map(str, dict.fromkeys(lengths)))
    assert told["0"] == told[str(inside)] == "dvc.lock"


def test_a_lock_file_in_conflict_stays_for_a_person_to_look_at(root: Path) -> None:
    conflict = b"<<<<<<< ours\n" + LOCK[:99]
    (root / "dvc.lock").write_bytes(conflict)
    assert mend(root) == []
    assert (root / "dvc.lock").read_bytes() == conflict


def test_while_dvc_is_at_work_nothing_is_touched(root: Path) -> None:
    (root / "dvc.lock").write_bytes(b"")
    with (root / ".dvc" / "tmp" / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert mend(root) == []
    assert mend(root) == ["dvc.lock"]


@pytest.mark.parametrize("left", [b"", b'{"write": {"/a": {"pid"'])
def test_a_note_that_is_cut_short_is_put_aside(root: Path, left: bytes) -> None:
    (root / ".dvc" / "tmp" / "rwlock").write_bytes(left)
    assert mend(root) == ["rwlock"]
    assert mend(root) == []

"""Drafts: whole or gone, and swept when whoever wrote them was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.record.store import ROOT
from pipeline.safety.atomic import draft

WRITER = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from pipeline.safety.atomic import draft\n"
    "with draft(Path(sys.argv[1]), b'half a thought'):\n"
    "    print('written', flush=True)\n"
    "    time.sleep(600)\n"
)


def drafts_in(folder: Path) -> list[str]:
    """What is there beside the files themselves."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".result.csv.")]


def test_a_draft_that_is_not_moved_in_is_removed(tmp_path: Path) -> None:
    def give_up() -> None:
        with draft(tmp_path / "result.csv", b"new") as place:
            assert place.read_bytes() == b"new"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert list(tmp_path.iterdir()) == []


def test_the_draft_of_a_killed_process_is_swept_by_the_next_that_of_a_living_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    others = [".result.csv.backup", ".result.csv.2024.backup", "result.csv.2024"]
    for name in others:
        (tmp_path / name).touch()
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        said = writer.stdout.readline()
        try:
            with draft(path, b"whole") as place:
                place.replace(path)
            beside_a_living_one = drafts_in(tmp_path)
        finally:
            writer.kill()
    left = f".result.csv.{writer.pid}"
    assert said == b"written\n"
    assert left in beside_a_living_one
    assert left in drafts_in(tmp_path)
    with draft(path, b"whole again") as place:
        assert left not in drafts_in(tmp_path)
        place.replace(path)
    assert path.read_bytes() == b"whole again"
    assert all((tmp_path / name).exists() for name in others)

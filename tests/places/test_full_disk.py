"""A disk that fills up, at several moments of a run: it is said, nothing is lost, and with room all goes on."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.places.mounts import Mounted, mounted
from tests.projects import Project
from tests.waiting import until

FULL = "No space left on device; is the disk full or read-only?"


@pytest.fixture(scope="module")
def disk(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mounted]:
    """The recorded project on a small disk."""
    with mounted(recorded, tmp_path_factory.mktemp("disk") / "project", "32m") as project:
        yield project


def test_a_stage_says_in_one_line_that_the_disk_is_full_and_loses_nothing(disk: Mounted, recorded: Project) -> None:
    with disk.full():
        said = disk.stage("evaluate", status=1).stderr
    assert said == f"error: cannot write data/run/metrics.json: {FULL}\n"
    assert disk.results() == recorded.results()


def test_a_full_disk_is_said_before_any_stage_runs(disk: Mounted) -> None:
    with disk.full():
        said = disk.python("-m", "pipeline.params", status=1).stderr
    assert said == f"error: the disk of {disk.place} has 0 MB left; at least 10 are needed: make room\n"


def test_a_run_goes_on_from_where_the_disk_was_full(disk: Mounted, recorded: Project) -> None:
    disk.run("sh", "-c", "rm -r .dvc/cache && mkdir .dvc/cache")  # so that every stage has to run
    _fills_up_while_a_stage_runs(disk, "data/raw.csv")
    disk.make_a_disk_of(".dvc/cache", "1m")
    with disk.full(".dvc/cache"):
        said = disk.dvc("repro", status=255)
    assert "download: 506 rows" in said
    assert re.search(r"^ERROR: .*No space left on device", said, re.MULTILINE)
    _fills_up_while_a_stage_runs(disk, "data/run/model.keras")
    assert disk.repro() == ["train"]
    assert disk.results() == recorded.results()
    assert disk.repro() == []


def _fills_up_while_a_stage_runs(disk: Mounted, output: str) -> None:
    with ThreadPoolExecutor() as pool:
        running = pool.submit(disk.dvc, "repro", status=255)
        until(lambda: not (disk.root / output).exists())  # DVC removes it just before the stage starts
        with disk.full():
            said = running.result()
    (line,) = [line for line in said.splitlines() if line.startswith("error: ")]
    assert output in line
    assert line.endswith(FULL)
    assert "Traceback" not in said

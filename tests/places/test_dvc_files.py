"""What DVC keeps, lost or broken: all is made again, or it is said what to do, and doing that is enough."""

import pytest

from pipeline.safety.errors import UserError
from pipeline.safety.preflight import check_checkout
from tests.projects import Project

CONFLICT = b"<<<<<<< HEAD\nschema: '2.0'\n=======\nschema: '1.0'\n>>>>>>> theirs\n"
ANEW = "delete the file and run `dvc repro`, which creates it again"


def test_a_folder_that_is_no_project_is_said_with_its_cure(project_copy: Project) -> None:
    check_checkout(project_copy.root)
    (project_copy.root / ".dvc" / "config").unlink()
    with pytest.raises(UserError, match="not a DVC project; restore it with") as caught:
        check_checkout(project_copy.root)
    project_copy.run("sh", "-c", str(caught.value).split("`")[1])
    check_checkout(project_copy.root)


def test_a_lock_file_in_conflict_is_refused_before_a_stage_runs_and_its_cure_loses_nothing(
    project_copy: Project, recorded: Project
) -> None:
    lock = project_copy.root / "dvc.lock"
    before = lock.read_bytes()
    lock.write_bytes(CONFLICT + before)
    said = project_copy.python("-m", "pipeline.params", status=1).stderr
    assert said == f"error: dvc.lock, line 1 is the marker of a merge conflict; {ANEW}\n"
    assert "possible merge conflicts" in project_copy.dvc("repro", status=255)
    lock.unlink()
    assert project_copy.repro() == []
    assert lock.read_bytes() == before
    assert project_copy.results() == recorded.results()


def test_with_a_cache_that_is_lost_or_broken_the_stages_run_again_and_give_the_same(
    project_copy: Project, recorded: Project
) -> None:
    cache = project_copy.root / ".dvc" / "cache" / "files" / "md5"
    names = ("data/raw.csv", "data/split.json", "data/scaling.json")
    raw, split, scaling = ((project_copy.root / name).read_bytes() for name in names)
    for path in [each for each in cache.rglob("*") if each.is_file()]:
        if (content := path.read_bytes()) in (raw, split):
            path.chmod(0o644)
            path.write_bytes(content[:-10])
        elif content == scaling:
            path.unlink()
    for name in names:
        (project_copy.root / name).unlink()
    ran = project_copy.repro()
    assert ran[:2] == ["download", "normalize"]
    assert project_copy.results() == recorded.results()

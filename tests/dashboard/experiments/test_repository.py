"""Tests of `dashboard.experiments.repository`: what is in the way of experiments, said in one sentence."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.experiments.repository import blobs, obstacle, tracked
from dashboard.record.kept import cache_folder
from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder with what makes a DVC project, in git, committed."""
    project = Project(tmp_path / "project")
    (project.root / ".dvc").mkdir(parents=True)
    for name in (".dvc/config", "dvc.yaml", "params.yaml", "start.json", "dvc.lock"):
        (project.root / name).write_text(f"# {name}\n", encoding="utf-8")
    project.git("init", "--quiet", "--initial-branch", "main")
    project.commit()
    return project


def test_nothing_is_in_the_way_on_a_branch_or_on_none(project: Project) -> None:
    assert obstacle(project.root) is None
    project.git("checkout", "--quiet", "--detach")
    (project.root / "params.yaml").write_text("# edited\n", encoding="utf-8")
    assert obstacle(project.root) is None


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda project: (project.root / ".dvc" / "config").unlink(), "is not a DVC project"),
        (lambda project: (project.root / ".git").rename(project.root / "elsewhere"), "(`git init` makes one)"),
        (lambda project: project.git("checkout", "--quiet", "--orphan", "new"), "there is none yet"),
        (
            lambda project: project.git("rm", "--quiet", "--cached", "params.yaml"),
            "params.yaml must be in git: `git add params.yaml`",
        ),
    ],
)
def test_what_is_in_the_way_is_said(project: Project, spoil: Callable[[Project], object], said: str) -> None:
    spoil(project)
    assert said in str(obstacle(project.root))


def test_a_machine_without_git_is_reported(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in str(obstacle(project.root))


def test_a_project_below_the_top_of_its_repository_is_reported(project: Project) -> None:
    below = project.root / "below"
    (below / ".dvc").mkdir(parents=True)
    (below / ".dvc" / "config").touch()
    assert f"top of its git repository, which is {project.root}" in str(obstacle(below))


def test_a_merge_conflict_is_reported(project: Project) -> None:
    for branch in ("one", "other"):
        project.git("checkout", "--quiet", "-b", branch, "main")
        (project.root / "dvc.lock").write_text(f"{branch}\n", encoding="utf-8")
        project.commit()
    project.run("git", "merge", "one", status=1)
    assert obstacle(project.root) == "dvc.lock has a merge conflict: resolve it and commit first"


def test_another_repository_in_the_environment_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert obstacle(project.root) is None


def test_files_of_a_revision_are_read_whatever_they_hold(project: Project) -> None:
    odd = b"no end of line missing\n\x00\xff\r\n" * 1000
    (project.root / "odd name.bin").write_bytes(odd)
    (project.root / "empty").touch()
    project.commit()
    names = ["HEAD:odd name.bin", "HEAD:nowhere", "HEAD:empty", "0" * 40 + ":dvc.yaml", "HEAD:dvc.yaml"]
    assert blobs(project.root, names) == [odd, None, b"", None, b"# dvc.yaml\n"]
    assert blobs(project.root, []) == []


def test_tracked_files_are_listed_by_their_true_names(project: Project) -> None:
    for name in ("größe\n.csv", "not mine.csv"):
        (project.root / name).touch()
    project.git("add", "größe\n.csv")
    assert tracked(project.root) == [".dvc/config", "dvc.lock", "dvc.yaml", "größe\n.csv", "params.yaml", "start.json"]


def test_the_cache_is_where_the_settings_say(project: Project, tmp_path: Path) -> None:
    assert cache_folder(project.root) == project.root / ".dvc" / "cache"
    (project.root / ".dvc" / "config").write_text("[core]\n    a = 100%\n[cache]\n    dir = ../shared\n", "utf-8")
    assert cache_folder(project.root) == project.root / "shared"
    (project.root / ".dvc" / "config.local").write_text(f'[cache]\n    dir = "{tmp_path}/a b"\n', "utf-8")
    assert cache_folder(project.root) == Path(os.path.realpath(tmp_path)) / "a b"

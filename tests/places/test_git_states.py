"""Every state in which git can have the project: the pipeline runs, and what cannot be had is said with its cure."""

import shutil
from pathlib import Path

import pytest

from dashboard.experiments.repository import obstacle
from tests.projects import Project

REPRO = "import pathlib, dashboard.experiments.listing as a; c = a.repro(pathlib.Path()); print(c.wait(100), c.problem)"
OBSTACLE = "import pathlib, dashboard.experiments.repository as r; print(r.obstacle(pathlib.Path().resolve()))"


def test_a_worktree_is_a_project_like_any_other(recorded: Project, project_copy: Project, tmp_path: Path) -> None:
    project_copy.git("worktree", "add", "--quiet", str(tmp_path / "worktree"))
    worktree = Project(tmp_path / "worktree")
    for folder in ("data", ".dvc/cache"):
        shutil.copytree(recorded.root / folder, worktree.root / folder, dirs_exist_ok=True)
    assert (worktree.root / ".git").is_file()
    assert obstacle(worktree.root) is None
    assert worktree.repro() == []
    assert "the committed record" in worktree.python("-m", "pipeline.report").stdout


def test_a_project_below_the_top_of_a_repository_runs(recorded: Project, tmp_path: Path) -> None:
    project = recorded.copy(tmp_path / "all of it" / "project")
    shutil.rmtree(project.root / ".git")
    above = Project(project.root.parent)
    above.git("init", "--quiet")
    assert project.repro() == []
    assert project.python("-m", "pipeline.report").stdout.endswith("there is no committed record to compare with\n")
    above.commit()
    assert "agrees with the committed record" in project.python("-m", "pipeline.report").stdout


def test_a_repository_without_a_commit_runs(project_copy: Project) -> None:
    project_copy.git("update-ref", "-d", "HEAD")
    assert project_copy.python("-c", REPRO).stdout == "succeeded None\n"
    assert "no committed record" in project_copy.python("-m", "pipeline.report").stdout


def test_a_folder_of_another_user_runs_and_git_s_distrust_is_said_with_its_cure(project_copy: Project) -> None:
    # Git's own switch for its tests: an ordinary user cannot give files away.
    switch = "GIT_TEST_ASSUME_DIFFERENT_OWNER"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(switch, "1")
        assert project_copy.python("-c", REPRO).stdout == "succeeded None\n"
        cure = f"git config --global --add safe.directory {project_copy.root}"
        assert project_copy.python("-c", OBSTACLE).stdout.endswith(
            f"To add an exception for this directory, call: {cure}\n"
        )
        assert f"run `{cure}`" in project_copy.python("-m", "pipeline.report").stdout
        patch.setenv("GIT_CONFIG_COUNT", "1")
        patch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
        patch.setenv("GIT_CONFIG_VALUE_0", str(project_copy.root))
        assert project_copy.python("-c", OBSTACLE).stdout == "None\n"


def test_a_repository_that_git_cannot_read_is_said(project_copy: Project) -> None:
    (project_copy.root / ".git" / "HEAD").write_bytes(b"\x00\xff[garbage")
    said = obstacle(project_copy.root)
    assert said is not None
    assert said.startswith("experiments ")
    assert "\n" not in said
    project_copy.python("-m", "pipeline.report")


def test_a_machine_without_git_runs_the_pipeline(recorded: Project, tmp_path: Path) -> None:
    assert shutil.which("git", path=str(tmp_path)) is None
    (tmp_path / "sh").symlink_to("/bin/sh")
    assert recorded.python("-c", REPRO, PATH=str(tmp_path)).stdout == "succeeded None\n"
    assert "no committed record" in recorded.python("-m", "pipeline.report", PATH=str(tmp_path)).stdout

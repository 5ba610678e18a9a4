"""Which commit the recorded run is of, and whether it is still the run that was committed."""

from dashboard.experiments.revisions import standing
from tests.projects import Project


def commit(project: Project, *files: str) -> str:
    """Commit changes of these files, and return the short name of the commit."""
    project.git("add", "--force", "--", *files)
    project.git("commit", "--quiet", "--allow-empty", "--message", "a change", "--", *files)
    return project.git("rev-parse", "--short", "HEAD").strip()


def test_the_run_is_of_the_last_commit_that_changed_it_whatever_was_committed_since(project_copy: Project) -> None:
    metrics = project_copy.root / "data" / "run" / "metrics.json"
    metrics.write_text(metrics.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    project_copy.git("commit", "--quiet", "--all", "--message", "recorded")
    recorded = project_copy.git("rev-parse", "--short", "HEAD").strip()
    assert standing(project_copy.root) == recorded
    (project_copy.root / "notes.txt").write_text("of no run", encoding="utf-8")
    assert commit(project_copy, "notes.txt") != recorded
    assert standing(project_copy.root) == recorded
    (project_copy.root / "pipeline" / "more.py").touch()
    assert standing(project_copy.root) == f"{recorded}, with later changes"
    (project_copy.root / "pipeline" / "more.py").unlink()
    assert standing(project_copy.root) == recorded
    project_copy.set(train__seed="1")
    assert standing(project_copy.root) == f"{recorded}, with later changes"
    commit(project_copy, "params.yaml")
    assert standing(project_copy.root) == f"{recorded}, with later changes"


def test_without_git_or_a_committed_run_it_says_so(project_copy: Project) -> None:
    (project_copy.root / ".git").rename(project_copy.root / "elsewhere")
    assert standing(project_copy.root) == "not in a git repository, or no run committed yet"
    project_copy.git("init", "--quiet")
    assert standing(project_copy.root) == "not in a git repository, or no run committed yet"
    project_copy.git(
        "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "--message", "x"
    )
    assert standing(project_copy.root) == "not in a git repository, or no run committed yet"

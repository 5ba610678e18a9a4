"""An experiment of a stranger names no file outside the project."""

import pytest

from dashboard.experiments.listing import adopt, list_experiments
from pipeline.safety.errors import UserError
from tests.projects import Project


@pytest.mark.parametrize("where", ["/etc/hostname", "../table.csv", "data/../../table.csv", "data/link.csv"])
def test_an_experiment_made_by_hand_cannot_have_a_file_outside_adopted(project_copy: Project, where: str) -> None:
    root = project_copy.root
    (root.parent / "table.csv").write_text("a,b\n1,2\n3,5\n", encoding="utf-8")
    (root / "data" / "link.csv").symlink_to(root.parent / "table.csv")
    project_copy.set(download__dataset="own", download__csv=f'"{where}"', train__epochs="3")
    project_copy.git("commit", "--quiet", "--message", "a stranger's", "params.yaml")
    baseline = project_copy.git("rev-parse", "HEAD~").strip()
    stranger = project_copy.git("rev-parse", "HEAD").strip()
    project_copy.git("reset", "--quiet", "--hard", baseline)
    project_copy.git("update-ref", f"refs/exps/{baseline[:2]}/{baseline[2:]}/stranger", stranger)
    before = (root / "params.yaml").read_bytes()
    experiment = next(each for each in list_experiments(root) if each.name == "stranger")
    with pytest.raises(UserError, match="must be a file inside the project"):
        adopt(root, experiment.params)
    assert (root / "params.yaml").read_bytes() == before

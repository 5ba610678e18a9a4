"""The recipe for an optimizer: edit four files, and Adam trains while SGD and every page stay as they were."""

from tests.projects import Project
from tests.recipes.recipe import SHOW_EVERY_PAGE, follow


def test_an_optimizer_takes_four_files_and_every_page_shows_its_run(project_copy: Project) -> None:
    with_sgd = project_copy.results()["data/run/history.csv"]
    assert len(follow("An optimizer", project_copy)) == 4
    project_copy.repro()
    assert project_copy.results()["data/run/history.csv"] == with_sgd
    project_copy.set(train__optimizer="adam")
    assert project_copy.repro() == ["train", "evaluate"]
    assert project_copy.results()["data/run/history.csv"] != with_sgd
    assert "a choice of Optimizer" in project_copy.python("-c", SHOW_EVERY_PAGE).stdout

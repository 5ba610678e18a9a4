"""The recipe for an optimizer: edit four files, and Adam trains while SGD and every page stay as they were."""

from tests.projects import Project
from tests.recipes.recipe import follow

_SHOW = """
from streamlit.testing.v1 import AppTest

from dashboard.views import PAGES

for path in [page.path for page in PAGES]:
    script = f"from dashboard.views import PAGES; next(page for page in PAGES if page.path == {path!r}).show()"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception, (path, app.exception)
    assert not app.error, (path, app.error)
    if path == "train":
        assert "Optimizer" in [control.label for control in app.segmented_control]
"""


def test_an_optimizer_takes_four_files_and_every_page_shows_its_run(project_copy: Project) -> None:
    with_sgd = project_copy.results()["data/run/history.csv"]
    assert len(follow("An optimizer", project_copy)) == 4
    project_copy.repro()
    assert project_copy.results()["data/run/history.csv"] == with_sgd
    project_copy.set(train__optimizer="adam")
    assert project_copy.repro() == ["train", "evaluate"]
    assert project_copy.results()["data/run/history.csv"] != with_sgd
    project_copy.python("-c", _SHOW)

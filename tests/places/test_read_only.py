"""A checkout that cannot be written to: the pages show the record, and whatever would write says what to do."""

import json
from collections.abc import Iterator

import pytest

from dashboard.views import PAGES
from tests.places.mounts import Mounted, mounted
from tests.projects import Project

SHOW = """
import json
from streamlit.testing.v1 import AppTest
import dashboard.views

script = "import dashboard.views; dashboard.views.PAGES[{}].show()"
shown = {}
for number, page in enumerate(dashboard.views.PAGES):
    app = AppTest.from_string(script.format(number), default_timeout=60).run()
    wrong = [str(element.value) for kind in (app.exception, app.error, app.warning) for element in kind]
    shown[page.path] = [bool(app.title), wrong]
print(json.dumps(shown))
"""

COMMANDS = """
import json, pathlib
from dashboard.experiments import listing
root, refused = pathlib.Path().resolve(), []
for begin in (
    lambda: listing.repro(root),
    lambda: listing.adopt(root, {"train.epochs": 2}),
    lambda: listing.record(root, {"train.epochs": 2}, "two"),
):
    try:
        begin()
    except Exception as error:
        refused.append([type(error).__name__, str(error)])
print(json.dumps(refused))
"""


@pytest.fixture(scope="module")
def project(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mounted]:
    """The recorded project, where nothing can be written."""
    with mounted(recorded, tmp_path_factory.mktemp("read_only") / "project") as project:
        project.make_read_only()
        yield project


def test_every_page_shows_the_record(project: Mounted) -> None:
    shown = json.loads(project.python("-c", SHOW).stdout)
    assert shown == {page.path: [True, []] for page in PAGES}


def test_recording_and_adopting_say_that_nothing_can_be_written(project: Mounted) -> None:
    refused = json.loads(project.python("-c", COMMANDS).stdout)
    titles = ("the pipeline", "the pipeline with these settings", "recording two")
    why = "cannot start (.dvc/tmp/dashboard.lock: Read-only file system): is the folder read-only?"
    assert refused == [["UserError", f"{title} {why}"] for title in titles]


def test_it_is_said_before_any_stage_runs(project: Mounted) -> None:
    said = project.python("-m", "pipeline.params", status=1).stderr
    assert said.startswith(
        f"error: {project.place} cannot be written to: it is read-only, or belongs to another user; copy"
    )
    assert said.count("\n") == 1


def test_the_metrics_can_still_be_printed(project: Mounted) -> None:
    assert "the committed record" in project.python("-m", "pipeline.report").stdout

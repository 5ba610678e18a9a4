"""The recipe for a page: one folder and one line, and the dashboard shows it."""

from tests.projects import Project
from tests.recipes.recipe import follow

_SHOW = """
from streamlit.testing.v1 import AppTest

script = "from dashboard.views import PAGES; next(page for page in PAGES if page.path == 'notes').show()"
app = AppTest.from_string(script, default_timeout=30).run()
assert not app.exception, app.exception
print(app.title[0].value, app.markdown[0].value)
"""


def test_a_page_takes_one_folder_and_one_line_and_is_shown(project_copy: Project) -> None:
    folder = "dashboard/views/notes"
    files = follow("A page", project_copy)
    assert files == [f"{folder}/__init__.py", f"{folder}/page.py", "dashboard/views/__init__.py"]
    assert "Notes The recorded run has" in project_copy.python("-c", _SHOW).stdout

"""Follow a recipe of docs/recipes.md in a copy of the project: its text is the edit, so text and test cannot differ."""

import re

from pipeline.record.store import ROOT
from tests.projects import Project

_BLOCK = re.compile(r"```(diff|python)\n# (\S+)\n(.*?)```", re.DOTALL)

SHOW_EVERY_PAGE = """
from streamlit.testing.v1 import AppTest

from dashboard.views import PAGES

for path in [page.path for page in PAGES]:
    script = f"from dashboard.views import PAGES; next(page for page in PAGES if page.path == {path!r}).show()"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception, (path, app.exception)
    assert not app.error, (path, app.error)
    print(path, *(element.value for element in app.markdown))
    print(*(f"a choice of {control.label}" for control in app.segmented_control))
"""
"""A program that runs every page of the project in the working directory and prints its paragraphs and choices."""


def follow(title: str, project: Project) -> list[str]:
    """Do every edit of the recipe under the heading `title`, and return the files that were edited or written.

    A `diff` block names its file and replaces its lines marked " " and "-" by those marked " " and "+"; they must
    occur in the file exactly once. A `python` block is a whole new file. An edit that the project has already is done.
    """
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    recipe = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
    files = []
    for kind, name, block in _BLOCK.findall(recipe):
        path = project.root / name
        if kind == "python":
            assert not path.exists() or path.read_text(encoding="utf-8") == block, name
            path.parent.mkdir(exist_ok=True)
            path.write_text(block, encoding="utf-8")
        else:
            for hunk in block.split("...\n"):
                lines = hunk.splitlines(keepends=True)
                before = "".join(line[1:] for line in lines if line[0] in " -")
                after = "".join(line[1:] for line in lines if line[0] in " +")
                content = path.read_text(encoding="utf-8")
                if after in content:
                    continue
                assert content.count(before) == 1, f"{name} does not hold once:\n{before}"
                path.write_text(content.replace(before, after), encoding="utf-8")
        files.append(name)
    assert len(set(files)) == len(files) > 0
    return files

"""The recipes of docs/recipes.md, followed to the letter in a copy of the project: their text is the edit."""

import re
from typing import Final

from pipeline.record.store import ROOT
from pipeline.safety.files import sha256
from tests.projects import Project

_BLOCK: Final = re.compile(r"```(diff|python)\n# (\S+)\n(.*?)```", re.DOTALL)

_SHOW_PAGES: Final = """
import sys
from streamlit.testing.v1 import AppTest
from dashboard.views import PAGES

for path in sys.argv[1:] or [page.path for page in PAGES]:
    script = f"from dashboard.views import PAGES; next(page for page in PAGES if page.path == {path!r}).show()"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception, (path, app.exception)
    assert not app.error, (path, app.error)
    print(path, *(element.value for element in [*app.title, *app.markdown]))
    print(*(f"a choice of {control.label}" for control in app.segmented_control))
"""

_SHOW_METRICS: Final = """
from dashboard.experiments.comparisons import best, overview
from dashboard.experiments.listing import list_experiments
from pipeline.record.store import ROOT

runs = list_experiments(ROOT)
table = overview(runs, runs[1])
print(*table["name"].str.split().str[0])
print(*table["test max error"].isna())
print(*table["test MSE"].isna())
print(table["name"][best(table, [True] * len(table))["test max error"]])
"""

# Ezekiel, Methods of Correlation Analysis (1930): stopping distances in feet, by speed in miles per hour.
_CARS: Final = {
    4: [2, 10], 7: [4, 22], 8: [16], 9: [10], 10: [18, 26, 34], 11: [17, 28], 12: [14, 20, 24, 28],
    13: [26, 34, 34, 46], 14: [26, 36, 60, 80], 15: [20, 26, 54], 16: [32, 40], 17: [32, 40, 50], 18: [42, 56, 76, 84],
    19: [36, 46, 68], 20: [32, 48, 52, 56, 64], 22: [66], 23: [54], 24: [70, 92, 93, 120], 25: [85],
}  # fmt: skip


def follow(title: str, project: Project) -> list[str]:
    """Do every edit of the recipe under the heading `title`, and return the files that were edited or written.

    A `diff` block names its file and replaces its lines marked " " and "-" by those marked " " and "+"; they must
    occur in the file exactly once. A `python` block is a whole new file.
    """
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    recipe = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
    files = []
    for kind, name, block in _BLOCK.findall(recipe):
        path = project.root / name
        if kind == "python":
            assert not path.exists(), name
            path.parent.mkdir(exist_ok=True)
            path.write_text(block, encoding="utf-8")
        else:
            for hunk in block.split("...\n"):
                lines = hunk.splitlines(keepends=True)
                before = "".join(line[1:] for line in lines if line[0] in " -")
                after = "".join(line[1:] for line in lines if line[0] in " +")
                content = path.read_text(encoding="utf-8")
                assert content.count(before) == 1, f"{name} does not hold once:\n{before}"
                path.write_text(content.replace(before, after), encoding="utf-8")
        files.append(name)
    assert len(set(files)) == len(files) > 0
    return files


def pages(project: Project, *names: str) -> str:
    """The titles, paragraphs and choices of all pages, or of those with these names."""
    return project.python("-c", _SHOW_PAGES, *names).stdout


def test_a_model_takes_two_files_and_trains(project_copy: Project) -> None:
    assert len(follow("A model", project_copy)) == 2
    project_copy.set(train__model="small", train__epochs="5")
    assert project_copy.repro()[-2:] == ["train", "evaluate"]
    assert len(project_copy.store.read_run().result) == 12 * 20 + 20 + 20 + 1
    known = "from pipeline.params import Train, load; print(load().train.model, Train.model_fields['model'].annotation)"
    said = project_copy.python("-c", known).stdout
    assert said.startswith("small ")
    assert said.endswith("['linear', 'one_hidden', 'two_hidden', 'small']\n")


def test_an_optimizer_takes_four_files_and_every_page_shows_its_run(project_copy: Project) -> None:
    with_sgd = project_copy.results()["data/run/history.csv"]
    assert len(follow("An optimizer", project_copy)) == 4
    project_copy.repro()
    assert project_copy.results()["data/run/history.csv"] == with_sgd
    project_copy.set(train__optimizer="adam")
    assert project_copy.repro() == ["train", "evaluate"]
    assert project_copy.results()["data/run/history.csv"] != with_sgd
    assert "a choice of Optimizer" in pages(project_copy)


def test_a_data_set_takes_one_file_and_every_page_speaks_of_it(project_copy: Project) -> None:
    rows = [f"{speed},{distance}" for speed, distances in _CARS.items() for distance in distances]
    project_copy.use_own("\n".join(["speed,dist", *rows]), "dist", ["speed"])
    project_copy.repro()
    raw = project_copy.results()["data/raw.csv"]
    assert follow("A data set", project_copy) == ["pipeline/tables/datasets.py"]
    assert sha256(raw) in (project_copy.root / "pipeline" / "tables" / "datasets.py").read_text(encoding="utf-8")
    project_copy.set(download__dataset="cars")
    project_copy.repro()
    assert project_copy.results()["data/raw.csv"] == raw
    shown = pages(project_copy)
    assert "Stopping distances of cars" in shown
    assert "cars the model never saw" in shown
    assert "house" not in shown


def test_a_metric_takes_one_file_and_earlier_runs_have_an_empty_cell(project_copy: Project) -> None:
    project_copy.dvc("exp", "run", "--name", "earlier", "--set-param", "train.epochs=3")
    assert len(follow("A metric", project_copy)) == 1
    project_copy.repro()
    store = project_copy.store
    predictions = store.read_predictions()
    largest = predictions.loc[predictions["part"] == "test", "residual"].abs().max()
    header, _, run, _ = project_copy.python("-m", "pipeline.report").stdout.splitlines()[3:7]
    assert header.endswith("max error")
    assert float(run.split()[-1]) == float(f"{largest:.6g}")
    assert project_copy.python("-c", _SHOW_METRICS).stdout.splitlines() == [
        "now commit earlier",
        "False True True",
        "False False False",
        "now",
    ]


def test_a_page_takes_one_folder_and_one_line_and_is_shown(project_copy: Project) -> None:
    folder = "dashboard/views/notes"
    files = follow("A page", project_copy)
    assert files == [f"{folder}/__init__.py", f"{folder}/page.py", "dashboard/views/__init__.py"]
    assert "notes Notes The recorded run has" in pages(project_copy, "notes")

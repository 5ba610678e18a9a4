"""The recipe for a metric: edit one file, and it is recorded, reported and listed; earlier runs stay in the list."""

import re

from tests.projects import Project
from tests.recipes.recipe import follow

_SHOW = """
from dashboard.experiments.comparisons import best, overview
from dashboard.experiments.listing import list_experiments
from pipeline.record.store import ROOT

runs = list_experiments(ROOT)
table = overview(runs, runs[1])
print(*table["name"].str.split().str[0])
print(*table["test max error"].isna())
print(*table["test MSE"].isna())
print(table["name"][best(table, [True] * len(table))["test max error"]].split()[0])
"""


def test_a_metric_takes_one_file_and_earlier_runs_have_an_empty_cell(project_copy: Project) -> None:
    project_copy.dvc("exp", "run", "--name", "earlier", "--set-param", "train.epochs=3")
    runs = ["HEAD", project_copy.git("for-each-ref", "--format=%(objectname)", "refs/exps/*/*/earlier").strip()]
    lacking = ["max_error" not in project_copy.git("show", f"{run}:data/run/metrics.json") for run in runs]
    assert len(follow("A metric", project_copy)) == 1
    project_copy.repro()
    store = project_copy.store
    predictions = store.read_predictions()
    largest = predictions.loc[predictions["part"] == "test", "residual"].abs().max()
    header, _, run, _ = project_copy.python("-m", "pipeline.report").stdout.splitlines()[3:7]
    said = dict(zip(*(re.split(" {2,}", line) for line in (header, run)), strict=True))
    assert float(said["max error"]) == float(f"{largest:.6g}")
    assert project_copy.python("-c", _SHOW).stdout.splitlines() == [
        "now commit earlier",
        " ".join(map(str, [False, *lacking])),
        "False False False",
        "now" if lacking[0] else "commit",
    ]

"""Recorded runs side by side: what may be compared, which is best, and what a picture draws of them."""

from dataclasses import replace

from dashboard.experiments.comparisons import best, diverged, overview, same_rows
from dashboard.experiments.listing import Experiment, list_experiments
from tests.dashboard.experiments.conftest import Laboratory


def test_a_run_on_other_rows_is_neither_compared_nor_the_best(laboratory: Laboratory) -> None:
    runs = list_experiments(laboratory.root)
    base = next(run for run in runs if run.kind == "head")
    assert {run.name: same for run, same in zip(runs, same_rows(runs, base), strict=True)} == {
        "workspace": True,
        "HEAD": True,
        "own": False,
        "lr-0.05": True,
    }
    table = overview(runs, base)
    errors = table["test MSE"]
    assert errors.idxmin() == [run.name for run in runs].index("own")  # small numbers, and another target
    found = best(table, same_rows(runs, base))
    assert runs[found["test MSE"]].name != "own"
    assert errors[found["test MSE"]] == errors[[run.name != "own" for run in runs]].min()
    assert table["test R²"][found["test R²"]] == table["test R²"][[run.name != "own" for run in runs]].max()


def test_other_test_rows_of_the_same_table_are_not_compared(laboratory: Laboratory) -> None:
    run = laboratory["lr-0.05"]
    base = replace(run, params={**run.params, "normalize.split": "random"})
    other = replace(base, params={**base.params, "normalize.seed": 1})
    model = replace(base, params={**base.params, "train.model": "one_hidden", "normalize.features": ["rm"]})
    assert same_rows([base, other, model, run], base) == [True, False, True, False]
    fixed = replace(run, params={**run.params, "normalize.seed": 1})
    assert same_rows([fixed], run) == [True]
    assert same_rows([fixed], run, "every") == [False]


def test_a_run_that_exploded_counts_as_diverged(laboratory: Laboratory) -> None:
    def run(**metrics: object) -> Experiment:
        return replace(laboratory["lr-0.05"], metrics={"status": "completed", "train.r2": 0.7, **metrics})

    assert diverged(run(status="diverged"))
    assert [diverged(run(**{"train.r2": 1 - mse / 85})) for mse in (22, 85 * 999, 85 * 1001, 5e48)] == [0, 0, 1, 1]

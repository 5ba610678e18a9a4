"""Seeds: its spread and its losses are those of runs that numpy makes itself."""

from pathlib import Path

import numpy as np
import pytest

from dashboard.live.plans import Plan
from dashboard.record.snapshot import Record
from dashboard.views.seeds.spread import published_test_mse
from pipeline.params import Train
from pipeline.tables.splits import draw
from tests.dashboard.views.conftest import OpenPage, chart, drawn, lacking, press
from tests.dashboard.views.descents import Descent
from tests.dashboard.views.independent import Boston, written
from tests.dashboard.views.test_lessons import after_the_sweep
from tests.projects import Project
from tests.records import record

SEEDS = [0, 1, 2, 3, 4]


def test_the_spread_is_that_of_runs_with_other_seeds_and_other_training_rows(
    open_page: OpenPage, recorded: Project
) -> None:
    descent = Descent(recorded.root)
    run, boston = descent.run, descent.boston
    same = [boston.scores(weights, "test")["mse"] for weights in descent.weights(SEEDS, 0.01)]
    other = []
    for seed in SEEDS:
        elsewhere = Boston(recorded.root, seed=seed + 1)
        other.append(elsewhere.scores(Descent(recorded.root, elsewhere).weights([seed], 0.01)[0], "test")["mse"])
    app = after_the_sweep(press(open_page("seeds", seeds="5"), "Train 10 runs"))
    outcomes = app.dataframe[0].value
    assert outcomes["test_mse"].to_numpy() == pytest.approx([*same, *other], rel=1e-4)
    assert outcomes["split_seed"].tolist() == [0] * 5 + [1, 2, 3, 4, 5]
    validated = boston.scores(run.last, "validation")["mse"]
    assert outcomes["validation_mse"][0] == pytest.approx(validated, rel=1e-4)
    cards = {card.label: card.value for card in app.metric}
    for name, group in (("Same training rows", same), ("Other training rows", other)):
        assert cards[name] == f"{written(float(np.mean(group)), 4)} ± {written(float(np.std(group, ddof=1)))}"
    away = (25.32 - np.mean(other)) / np.std(other, ddof=1)
    better = sum(error < 25.32 for error in other)
    assert not lacking(
        app,
        "With other training rows, luck alone moves the test mean squared error "
        f"from {written(min(other), 4)} to {written(max(other), 4)}.",
        "published a test mean squared error of 25.32",
        f"That is {written(float(away), 2)} standard deviations above the mean of the 5 runs with other training rows, "
        f"of which {better} have a smaller error.",
        f"The recorded run has {written(boston.scores(run.last, 'test')['mse'], 4)}.",
    )
    recorded_mse = written(boston.scores(run.last, "test")["mse"], 4)
    marked = f"Marked: recorded run at {recorded_mse}, the tutorial's run at 25.32."
    assert marked in chart(app, "Test errors of all runs").alt
    bands = drawn(app, "Test errors of all runs").query("part == 'band'").set_index("group")
    for name, group in (("same training rows", same), ("other training rows", other)):
        deviation = np.std(group, ddof=1)
        expected = [np.mean(group) - deviation, np.mean(group) + deviation]
        assert [float(bands[edge][name]) for edge in ("low", "high")] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("changes", "published"),
    [
        ({}, 25.32),
        ({"learning_rate": 0.02, "momentum": 0.5}, 25.32),
        ({"model": "one_hidden"}, None),
        ({"loss": "mae"}, None),
        ({"features": ("rm", "lstat")}, None),
        ({"scaling": "none"}, None),
        ({"split": "random"}, None),
    ],
    ids=str,
)
def test_the_tutorials_error_is_beside_runs_of_its_model_on_its_rows_only(
    record: Record, changes: dict[str, object], published: float | None
) -> None:
    train = {name: value for name, value in changes.items() if name in Train.model_fields}
    normalize = {name: value for name, value in changes.items() if name not in train}
    plan = Plan.of(
        record.training.settings.model_copy(update=train),
        record.data.settings.model_copy(update=normalize),
        record,
    )
    assert published_test_mse(record, plan) == published


def test_the_losses_over_learning_rates_are_those_of_runs_at_these_rates(
    open_page: OpenPage, recorded: Project
) -> None:
    descent = Descent(recorded.root)
    app = after_the_sweep(press(open_page("seeds"), "Train 64 learning rates"))
    table = app.dataframe[0].value
    assert len(table) == 64
    assert table["learning_rate"].iloc[[0, -1]].tolist() == pytest.approx(
        [descent.limit / 2000, descent.limit * 5], rel=1e-3
    )
    for place in (0, 20, 40, 52):
        rate = float(table["learning_rate"][place])
        assert table["train_mse"][place] == pytest.approx(descent.ends([0], rate)[0], rel=1e-4)
    rows = drawn(app, "The final loss for each learning rate")
    assert f"Marked is the limit {written(descent.limit)}." in chart(app, "The final loss").alt
    best = float(table["learning_rate"][int(table["train_mse"].argmin())])
    lost = table.loc[~(table["train_mse"] <= 100 * np.var(descent.target)), "learning_rate"].min()
    assert len(rows) == 64
    assert not lacking(
        app,
        f"stable up to a learning rate of **{written(descent.limit)}**",
        f"The best learning rate here is **{written(best)}**, with a loss of {written(table['train_mse'].min(), 4)}.",
        f"runs diverge from {written(lost)} on",
    )


def test_splits_on_which_a_feature_tells_nothing_are_left_out(
    open_page: OpenPage, recorded: Project, tmp_path: Path
) -> None:
    first = draw(60, 0.2, 0, 0.34).train[0]
    rows = "".join(f"{int(row == first)},{row % 7},{row * 5 % 11}\n" for row in range(60))
    project = recorded.copy(tmp_path / "rare")
    project.use_own(f"rare,size,price\n{rows}", "price", ["rare", "size"], train__epochs="5")
    record(project)
    without = sum(first not in draw(60, 0.2, seed, 0.34).train for seed in range(1, 11))
    assert 0 < without < 9
    app = after_the_sweep(press(open_page("seeds", project.root, seeds="10"), "Train 20 runs"))
    assert len(app.dataframe[0].value) == 20 - without
    assert not lacking(app, f"{20 - without} runs in", f"{without} more had a split in whose training rows")

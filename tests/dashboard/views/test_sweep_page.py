"""The page Sweep: a sweep is chosen, run and looked at, and its best run is recorded, with the true numbers."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.text.numbers import format_number
from dashboard.views.parts import commands
from pipeline.sweep.results import finished
from tests.dashboard.views.conftest import OpenPage, charts, drawn, lacking, press, texts
from tests.dashboard.views.descents import Descent
from tests.projects import Project
from tests.waiting import until


def ended(page: AppTest) -> AppTest:
    """Look again when the command that the page has started has ended."""
    command = commands._slot().command
    assert command is not None
    until(lambda: command.state != "running")
    assert command.state == "succeeded", command.lines
    return page.run()


def begin_at(page: AppTest, rate: float) -> AppTest:
    """Let the learning rates begin at this one."""
    return next(field for field in page.number_input if field.label == "Learning rate from").set_value(rate).run()


def test_a_sweep_is_run_and_shown_and_its_best_run_becomes_an_experiment_with_the_same_numbers(
    open_page: OpenPage, recorded: Project, project_copy: Project
) -> None:
    project_copy.commit()
    page = open_page("sweep", project_copy.root)
    assert not lacking(page, "**320 runs** on", "No sweep has been finished yet")
    page = page.multiselect[0].set_value(["learning_rate", "momentum", "seed"]).run()
    ends = {"Learning rate from": (0.01, 1.0, 3), "Momentum from": (0.0, 0.5, 2), "Seed from": (0, 1, 2)}
    inputs = list(page.number_input)
    for at, field in enumerate(inputs):
        if field.label in ends:
            for place, value in zip(inputs[at : at + 3], ends[field.label], strict=True):
                place.set_value(value)
    page = page.run()
    command = (
        "python -m pipeline.sweep --set train.learning_rate=0.01..1:log:3 --set train.momentum=0..0.5:2 "
        "--set train.seed=0..1:2"
    )
    assert page.code[0].value == command
    page = ended(press(page, "Run 12 runs"))

    table = pd.read_parquet(next(finished(project_copy.root)))
    assert table["learning_rate"].tolist() == [0.01] * 4 + [0.1] * 4 + [1.0] * 4
    descent = Descent(recorded.root)
    by_hand = descent.weights([0, 1], 0.1)
    for part in ("validation", "test"):
        expected = [descent.boston.scores(weights, part)["mse"] for weights in by_hand]
        found = table.query("learning_rate == 0.1 and momentum == 0")[f"{part}_mse"]
        assert found.to_numpy() == pytest.approx(expected, rel=1e-4)
    lost = (table["status"] == "diverged").to_numpy()
    assert lost.tolist() == [False] * 8 + [True] * 4
    best = table.iloc[int(np.nanargmin(table["validation_mse"].where(~lost)))]
    assert not lacking(
        page,
        f"Of 12 runs, the one with **learning rate {best['learning_rate']:g}, momentum {best['momentum']:g} and seed "
        f"{best['seed']:g}** has the lowest validation MSE, {format_number(best['validation_mse'], 4)}, in ($1000)².",
        f"On the test rows its MSE is {format_number(best['test_mse'], 4)}.",
        "4 runs diverged.",
    )
    assert len(charts(page)) == 4
    rows = drawn(page, "against learning rate")
    assert rows["error"].where(rows["end"] == "completed").tolist() == pytest.approx(
        table["validation_mse"].where(~lost).tolist(), nan_ok=True
    )
    assert rows["run"].iloc[5] == "learning rate 0.1, momentum 0, seed 1"
    bands = drawn(page, "against learning rate", "bands").set_index("setting")
    for rate, group in table[~lost].groupby("learning_rate"):
        low, median, high = np.quantile(group["validation_mse"].to_numpy(), [0.25, 0.5, 0.75])
        assert list(bands.loc[rate, ["low", "median", "high", "runs"]]) == pytest.approx([low, median, high, 4])
    fields_drawn = drawn(page, "for each learning rate and momentum")
    medians = table[~lost].groupby(["learning_rate", "momentum"])["validation_mse"].median()
    assert fields_drawn.set_index(["across", "up"])["error"].to_dict() == pytest.approx(medians.to_dict())
    assert fields_drawn.loc[fields_drawn["best"], "error"].tolist() == [pytest.approx(medians.min())]
    page = page.segmented_control(key="sweep-part").set_value("test").run()
    assert drawn(page, "against seed")["error"].where(~lost).tolist() == pytest.approx(
        table["test_mse"].where(~lost).tolist(), nan_ok=True
    )

    name = next(str(field.value) for field in page.text_input if field.label == "Name")
    assert name.startswith("lr-")
    page = ended(press(page, "Record"))
    assert f"Recorded as {name}. Its metrics equal those of the sweep" in texts(page)
    log = next(code.value for code in page.code if "your files are unchanged" in code.value)
    assert "applied to your workspace" not in log
    assert not page.error


def test_what_makes_no_sweep_is_said_and_every_kind_of_setting_can_be_chosen(open_page: OpenPage) -> None:
    page = open_page("sweep")
    page = page.multiselect[0].set_value(["model", "nesterov", "batch_size"]).run()
    assert page.code[0].value == (
        "python -m pipeline.sweep --set train.model=linear,one_hidden --set train.nesterov=true,false "
        "--set train.batch_size=1..128:log:8"
    )
    page = page.button_group(key="sweep model").set_value([]).run()
    assert page.error[0].value == "Model: choose at least one value."
    page = page.multiselect[0].set_value([]).run()
    assert page.error[0].value == "Choose at least one setting above."
    page = page.multiselect[0].set_value(["seed", "learning_rate"]).run()
    page = begin_at(page, 0.0)
    assert page.error[0].value == "Learning rate: logarithmic spacing has to begin above 0, not at 0."
    page = begin_at(page, 5.0)
    assert page.error[0].value == "Learning rate: from (5) is above to (0.1)."
    assert not any(button.label.startswith("Run ") for button in page.button)

"""Train: its forecast, its limits and its references are those of runs that numpy makes itself."""

import json

import numpy as np
import pandas as pd
import pytest

from dashboard.views.train.other_rates import CHECK
from tests.dashboard.views.conftest import OpenPage, chart, drawn, lacking, texts
from tests.dashboard.views.descents import Descent
from tests.dashboard.views.independent import written


def test_the_forecast_of_train_holds_nine_of_ten_runs_that_numpy_makes(open_page: OpenPage, descent: Descent) -> None:
    boston, run = descent.boston, descent.run
    app = open_page("train", descent.root)
    least, limit = boston.scores(boston.optimum("train"), "train")["mse"], descent.limit
    checked = json.loads(CHECK.read_text())
    ends = descent.ends([*range(100)], 0.01)
    start = boston.scores(run.weights[0], "train")["mse"]
    below, beyond = (np.median(descent.ends([*range(20)], share * limit)) for share in (0.9, 1.1))
    assert below < start < beyond  # so the limit is about the same with batches
    assert not lacking(
        app,
        f"the least possible is {written(least, 4)}.",
        f"stable up to a learning rate of **{written(limit)}**",
        "with batches of 40 the limit is about the same.",
        f"checked on {checked['tables']} tables with {checked['settings']:,} random combinations of settings",
        f"{100 * checked['coverage']:.0f}% of the runs ended inside the interval",
    )
    words = texts(app).split("training mean squared error is between ")[1].split(";")[0].split(" and ")
    low, high = (float(word) for word in words)
    assert (low, high) == pytest.approx(np.quantile(ends, [0.05, 0.95]), rel=0.01)
    assert 0.8 <= np.mean([low - 0.005 <= end <= high + 0.005 for end in ends]) <= 0.99
    numbers = {field.label: field.value for field in app.number_input}
    assert [numbers[name] for name in ("Batch size", "Epochs", "Seed")] == [40, 200, 0]
    assert (app.select_slider[0].value, app.slider[0].value) == (0.01, run.settings["momentum"])
    rows = drawn(app, "expected at each learning rate")
    for place in np.flatnonzero(rows["verdict"] == "slow")[-3:]:
        middle = np.median(descent.ends([*range(20)], float(rows["rate"][place])))
        assert rows["median"][place] == pytest.approx(middle, rel=0.02)
    assert (rows["verdict"][rows["rate"] > 1.1 * limit] == "diverges").all()
    assert rows["low in words"].iloc[-1].startswith("more than")
    assert rows["low in words"].iloc[0] == written(rows["low"].iloc[0])
    named = [data.name for data in chart(app, "expected at each learning rate").datasets if data.name != "rows"]
    marks = pd.concat(drawn(app, "expected at each learning rate", name) for name in named)
    assert dict(zip(marks["name"], marks["rate"], strict=True)) == pytest.approx(
        {"0.01": 0.01, f"limit {written(limit)}": limit}
    )
    losses = chart(app, "Loss per epoch")
    lines = [drawn(app, "Loss per epoch", data.name) for data in losses.datasets]
    levels = {row["name"]: row["loss"] for line in lines if "name" in line for row in line.to_dict("records")}
    mean = float(np.var(boston.part("train")[1]))
    assert levels == pytest.approx({"predicting the mean": mean, "least squares": least})

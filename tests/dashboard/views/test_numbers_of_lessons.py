"""One step, Backpropagation and Loss surface: their numbers are those of numpy on the committed table."""

import numpy as np
import pytest

from tests.dashboard.views.conftest import OpenPage, component, drawn, lacking
from tests.dashboard.views.descents import Descent
from tests.dashboard.views.independent import NAMES, hessian, written
from tests.projects import Project


def factor(value: float, count: int = 3) -> str:
    """By what a step multiplies the distance."""
    return f"× {written(value, count)}"


def test_one_step_has_the_loss_the_gradient_and_the_update_of_the_first_batch(
    open_page: OpenPage, descent: Descent
) -> None:
    boston, run = descent.boston, descent.run
    app = open_page("step", descent.root)
    design, target = descent.design, descent.target
    x, y = design[descent.first_batch], target[descent.first_batch]
    before = run.weights[0]
    errors, all_errors = x @ before - y, design @ before - target
    gradient, whole = (2 / 40 * x.T @ errors, 2 / 266 * design.T @ all_errors)
    ahead = run.settings["nesterov"]
    moved = gradient * (1.9 if ahead else 1)
    after = before - 0.01 * moved
    batch_loss, loss = float((errors**2).mean()), float((all_errors**2).mean())
    batch_then, then = float(((x @ after - y) ** 2).mean()), float(((design @ after - target) ** 2).mean())
    angle = np.degrees(np.arccos(gradient @ whole / np.linalg.norm(gradient) / np.linalg.norm(whole)))
    steepest = float(descent.eigenvalues[-1])
    raw = boston.raw[boston.rows["train"]]
    raw_steepest = float(np.linalg.eigvalsh(hessian(raw))[-1])
    squares = 2 * (raw**2).mean(axis=0)
    house = int(boston.rows["train"][descent.first_batch[0]])
    deviations = (2 * design * all_errors[:, np.newaxis])[:, 5]
    limit = descent.limit
    assert not lacking(
        app,
        "update 1 of 1,400, on 40 of 266 training rows",
        f"on this batch **{written(batch_loss, 4)} → {written(batch_then, 4)}**, on all rows "
        f"**{written(loss, 4)} → {written(then, 4)}**",
        f"Loss on this batch: {written(batch_then, 4)} {written(batch_then - batch_loss, 4)}",
        f"This is row {house} of the table. The last column adds up to the prediction: **{written(x[0] @ before, 4)}**",
        f"the error is {written(errors[0], 4)} ($1000).",
        f"The angle between the two is **{angle:.0f}°**",
        f"In the steepest direction λ is {written(steepest, 4)}. At a learning rate of 0.1 the factor is "
        f"{written(1 - 0.1 * steepest)}: a step",
        f"At 0.2 it is {written(1 - 0.2 * steepest)}: every",
        f"lambda_{{max}}$ = **{written(2 / steepest, 4)}**.",
        *(["With Nesterov's look-ahead a step also depends on the one before, and the limit is"] if ahead else []),
        f"= **{written(limit, 4)}**",
        f"the curvature is twice the mean square of that feature: {written(squares.max(), 4)} for raw "
        "property tax (tax), 2 after",
        "So 0.01 diverges with raw features and works after normalizing.",
        f"With one row the gradient varies by ±{written(deviations.std())}",
    )
    (detail,) = (str(text.value) for text in app.markdown if "so the error is" in text.value)
    assert detail.count("$") == detail.count("\\$")  # two bare ones would begin a formula
    table = drawn(app, "The gradient of each weight").set_index("weight").loc[[*NAMES, "bias"]]
    assert table["batch"].to_numpy() == pytest.approx(gradient, rel=1e-5)
    assert table["all"].to_numpy() == pytest.approx(whole, rel=1e-5)
    rows = next(table.value for table in app.dataframe if "error" in table.value)
    assert rows["row"].tolist() == boston.rows["train"][descent.first_batch].tolist()
    assert rows["error"].to_numpy() == pytest.approx(errors, rel=1e-5)
    weights = next(table.value for table in app.dataframe if "before" in table.value)
    assert weights["after"].to_numpy() == pytest.approx(after, rel=1e-5)
    assert weights["after"].to_numpy() == pytest.approx(run.weights[1], abs=1e-5)
    assert ("new velocity" in weights) == ahead
    if ahead:
        assert weights["velocity"].tolist() == [0] * 13
        assert weights["new velocity"].to_numpy() == pytest.approx(-0.01 * gradient, rel=1e-5)
    band = drawn(app, "over random batches").query("part == 'band' and size == 1").iloc[0]
    assert (band["high"] - band["low"]) / 2 == pytest.approx(deviations.std(), rel=1e-6)
    shares, shapes = (table.value for table in app.dataframe[-2:])
    assert shapes.loc["raw", "limit 2/λₘₐₓ"] == f"{written(2e6 / raw_steepest)} × 10⁻⁶".replace(
        " ", "\N{NO-BREAK SPACE}"
    )
    assert shapes.loc["raw", "one step at 0.01, steepest direction"] == factor(1 - 0.01 * raw_steepest)
    assert f"{0.01 / limit:.0%}" in shares["share of the limit"].tolist()
    assert "100%" in shares["share of the limit"].tolist()


def test_backpropagation_has_the_derivatives_of_the_smallest_graph(open_page: OpenPage, recorded: Project) -> None:
    v, x, y, rate = 0.5, 3.0, 4.0, 0.02
    address = {"backpropagation__v": "0.5", "backpropagation__x": "3", "backpropagation__y": "4"}
    app = open_page("backpropagation", recorded.root, **address, backpropagation__rate="0.02")
    gradient = 2 * (v * x - y) * x

    def loss(at: float) -> float:
        return (at * x - y) ** 2

    small, large = loss(v + 0.01) - loss(v), loss(v + 1) - loss(v)
    assert not lacking(
        app,
        f"new v = v − learning rate × gradient = 0.5 − 0.02 × ({written(gradient)}) = "
        f"**{written(v - rate * gradient)}**",
        f"The optimum is v = y / x = {written(y / x, 4)}.",
        f"1 − 2 × learning rate × x² = {written(1 - 2 * rate * x * x)}: the distance shrinks",
        f"The largest stable learning rate here is 1 / x² = {written(1 / x**2, 4)}.",
        f"Increasing v by 0.01 changes the loss by {written(small, 4)}. That is {written(small / 0.01, 4)} per unit; "
        f"the gradient is {written(gradient, 4)}.",
        f"Increasing it by 1 would change the loss by {written(large, 4)}, because the slope itself changes",
    )
    curve = drawn(app, "The loss over v").query("part == 'loss'")
    assert curve["loss"].to_numpy() == pytest.approx((curve["v"].to_numpy() * x - y) ** 2)
    rules = " ".join(frame["rule"] for frame in component(app)["frames"])
    assert f"= {written(gradient)}" in rules
    assert f"{written(loss(v))}" in rules


def test_the_loss_surface_of_all_features_has_the_curvatures_of_the_training_rows(
    open_page: OpenPage, descent: Descent
) -> None:
    boston, run = descent.boston, descent.run
    app = open_page("surface", descent.root, surface__model="All features")
    flattest, steepest = (float(value) for value in descent.eigenvalues[[0, -1]])
    limit = descent.limit
    assert not lacking(
        app,
        "The recorded model has 13 weights",
        f"In the steepest direction λ is {written(steepest, 4)}. At a learning rate of 0.1 the factor is "
        f"{written(1 - 0.1 * steepest)}",
        f"= **{written(2 / steepest, 4)}**",
        f"= **{written(limit, 4)}**",
    )
    raw_values = np.linalg.eigvalsh(hessian(boston.raw[boston.rows["train"]]))
    shapes = app.dataframe[-1].value
    for name, low, high in (("raw", raw_values[0], raw_values[-1]), ("normalized", flattest, steepest)):
        cells = list(shapes.T[name])
        assert cells[0] == written(high / low)
        assert cells[2] == factor(1 - 0.01 * high)
        assert cells[3] == factor(1 - 0.01 * low, 4)
    assert list(shapes.T["raw"])[4] == "never"
    assert list(shapes.T["normalized"])[1] == written(2 / steepest)
    assert list(shapes.T["normalized"])[4] == f"{np.ceil(np.log(0.1) / np.log(1 - 0.01 * flattest)):,.0f}"
    factors = app.dataframe[0].value
    share = dict(zip(factors["learning rate"], factors["share of the limit"], strict=True))
    assert share["0.01 (A)"] == f"{0.01 / limit:.0%}"
    if not run.settings["nesterov"]:
        one = dict(zip(factors["learning rate"], factors["one step, steepest direction"], strict=True))
        assert one["0.01 (A)"] == factor(1 - 0.01 * steepest)


@pytest.mark.parametrize(("rate", "arrow", "colour"), [("0.01", "DOWN", "GREEN"), ("1", "UP", "RED")])
def test_a_loss_that_grows_is_red_and_points_up(open_page: OpenPage, rate: str, arrow: str, colour: str) -> None:
    for metric in open_page("step", step__rate=rate).metric[-2:]:
        assert metric.proto.MetricDirection.Name(metric.proto.direction) == arrow
        assert metric.proto.MetricColor.Name(metric.proto.color) == colour

"""Every number on the page Results is what numpy finds from the table and the recorded weights."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.views.conftest import Offered, OpenPage, axes, cards, chart, drawn, texts
from tests.dashboard.views.independent import (
    NAMES,
    Array,
    Boston,
    LinearRun,
    applied,
    dollars,
    scores,
    title,
    written,
)
from tests.projects import Project

SQUARED = "mean squared error, in ($1000)²"


def known(page: AppTest, table: str) -> dict[str, str]:
    """What one of the tables of the identity says."""
    frame = next(frame.value for frame in page.dataframe if table in frame.value)
    return dict(zip(frame[table], frame["value"], strict=True))


def sigmoid(values: Array) -> Array:
    return 1 / (1 + np.exp(-values))


def through_two_layers(weights: Array, features: Array) -> Array:
    """Twelve features, two layers of 50 sigmoid units, one linear unit; kernels by rows, each before its biases."""
    cuts = np.cumsum([12 * 50, 50, 50 * 50, 50, 50])
    first, first_bias, second, second_bias, last, last_bias = np.split(weights, cuts)
    inside = sigmoid(sigmoid(features @ first.reshape(12, 50) + first_bias) @ second.reshape(50, 50) + second_bias)
    predicted: Array = inside @ last + last_bias[0]
    return predicted


def check_fits(page: AppTest, boston: Boston, predicted: Array) -> None:
    """The two charts of the test rows: what is predicted, what is left over, which prices were cut off."""
    test = boston.rows["test"]
    for alt in ("45-degree line", "Residuals of the test rows"):
        rows = drawn(page, alt)
        assert rows["row"].tolist() == test.tolist()
        np.testing.assert_allclose(rows["actual"], boston.target[test])
        np.testing.assert_allclose(rows["predicted"], predicted[test], atol=2e-5)
        np.testing.assert_allclose(rows["residual"], boston.target[test] - predicted[test], atol=2e-5)
        cut_off = [row for row, kind in zip(rows["row"], rows["kind"], strict=True) if kind == "cut off at 50"]
        assert cut_off == [row for row in test if boston.table["medv"][row] == 50]
        assert cut_off


def test_the_numbers_of_a_linear_run_are_those_of_numpy(
    open_page: OpenPage, recorded: Project, offered: Offered
) -> None:
    boston, run, page = Boston(recorded.root), LinearRun(recorded.root), open_page("results")
    ours, mean = boston.scores(run.last, "test"), boston.mean_scores("test")
    best = boston.scores(boston.optimum("fitted"), "test")
    rows, beside, said = (
        (ours, mean, best),
        "predicting the mean {}  \nleast squares {}  \n(of training and validation rows)",
        texts(page),
    )

    assert texts(page).startswith(f"Off by about {dollars(ours['rmse'], 2)}\n")
    assert f"on {len(boston.rows['test'])} houses the model never saw" in said
    assert (
        f"Predicting the mean of the training and validation rows for each house is off by {dollars(mean['rmse'], 2)}, "
        f"and the least-squares fit to those rows by {dollars(best['rmse'], 2)}."
    ) in said
    notes = [str(caption.value).replace("\\", "") for caption in page.caption]
    assert notes[:3] == [
        beside.format(*(dollars(each["rmse"]) for each in rows[1:])),
        beside.format(*(written(each["mse"], 4) for each in rows[1:])),
        beside.format(*(written(each["r2"]) for each in rows[1:])),
    ]
    train, least = boston.scores(run.last, "train")["mse"], boston.scores(boston.optimum("train"), "train")["mse"]
    assert notes[3] == f"training MSE {written(train, 6)}  \nof least squares on the same rows {written(least, 6)}"
    assert cards(page) == {
        "Test error (RMSE)": dollars(ours["rmse"]),
        "Test mean squared error": written(ours["mse"], 4),
        "Variance explained (R²)": written(ours["r2"]),
        "From least squares": written(train - least),
    }

    ends = run.history.iloc[-1]
    alt = f"Loss up to epoch {run.epochs[-1]}: training ends at {written(ends['training_loss'], 4)}, validation at "
    validated = boston.scores(run.last, "validation")["mse"]
    curve = drawn(page, alt + written(validated, 4))
    assert axes(page, alt) == {"epoch", SQUARED}
    for part in ("training", "validation"):
        np.testing.assert_array_equal(curve.loc[curve["rows"] == part, "loss"], run.history[f"{part}_loss"])
    marked = [drawn(page, alt, name) for name in names_of_lines(page, alt)]
    levels = {line["name"][0]: line["loss"][0] for line in marked}
    assert levels == pytest.approx(
        {"predicting the mean": boston.mean_scores("train", of="train")["mse"], "least squares": least}
    )

    weights = drawn(page, "Weights, the largest first").set_index("feature")
    order = np.argsort(-np.abs(run.last[:-1]))
    assert list(weights.index) == [NAMES[index] for index in order]
    np.testing.assert_allclose(weights["weight"], run.last[order])
    np.testing.assert_allclose(weights["optimum"], boston.optimum("train")[order])
    assert list(weights["sign"]) == ["raises it" if run.last[index] > 0 else "lowers it" for index in order]
    assert run.last[order[0]] < 0
    assert f"more of {title(NAMES[order[0]])} lowers the prediction by {dollars(-run.last[order[0]])}." in said
    assert f"The bias, {dollars(run.last[-1])}, is not drawn." in said

    check_fits(page, boston, applied(run.last, boston.features))
    titles = {"actual median price (medv), $1000", "predicted median price (medv), $1000"}
    assert titles == axes(page, f"R² {written(ours['r2'])}.")
    assert "actual minus predicted ($1000)" in axes(page, f"{dollars(ours['mae'])} in size on average")

    kept = json.loads((recorded.root / "data" / "run" / "run_info.json").read_text(encoding="utf-8"))
    about = known(page, "run")
    assert about["status"] == "completed after 200 epochs"
    assert about["rows"] == ", ".join(f"{len(boston.rows[part])} {part}" for part in ("train", "validation", "test"))
    assert about["trained"] == f"{kept['trained']}, in {kept['seconds']:.2f} s"
    assert known(page, "train")["learning_rate"] == f"{run.settings['learning_rate']}"

    file = offered("weights.csv")
    np.testing.assert_allclose(file[[*NAMES, "bias"]], run.weights, rtol=1e-6)
    np.testing.assert_array_equal(file["epoch"], run.epochs)
    file = offered("predictions.csv")
    np.testing.assert_allclose(file["predicted"], applied(run.last, boston.features), atol=2e-5)
    np.testing.assert_allclose(file["residual"], file["actual"] - file["predicted"], atol=2e-5)


def test_the_numbers_of_a_run_on_the_absolute_error_are_those_of_numpy(open_page: OpenPage, hidden: Project) -> None:
    boston, run, page = Boston(hidden.root), LinearRun(hidden.root), open_page("results", hidden.root)
    predicted = through_two_layers(run.last, boston.features)
    ours, fit = (scores(boston.target[boston.rows[part]], predicted[boston.rows[part]]) for part in ("test", "train"))
    least = boston.scores(boston.optimum("train"), "train")["mse"]
    assert cards(page) == {
        "Test error (RMSE)": dollars(ours["rmse"]),
        "Test mean squared error": written(ours["mse"], 4),
        "Variance explained (R²)": written(ours["r2"]),
        "From least squares": written(fit["mse"] - least),
    }
    validation = boston.rows["validation"]
    off = np.abs(boston.target[validation] - predicted[validation]).mean()
    ends = run.history["training_loss"].iloc[-1]
    alt = f"Loss up to epoch 20: training ends at {written(ends, 4)}, validation at {written(off, 4)}."
    assert axes(page, alt) == {"epoch", "mean absolute error ($1000)"}
    assert names_of_lines(page, alt) == []
    check_fits(page, boston, predicted)
    assert f"{dollars(ours['mae'])} in size on average" in chart(page, "Residuals").alt
    sizes = np.sqrt(np.mean(run.last[: 12 * 50].reshape(12, 50) ** 2, axis=1))
    weights = drawn(page, "Weights, the largest first")
    assert list(weights["feature"]) == [NAMES[index] for index in np.argsort(-sizes)]
    np.testing.assert_allclose(weights["weight"], np.sort(sizes)[::-1])
    assert known(page, "train")["loss"] == "mean absolute error"


def test_a_name_is_written_as_it_is(open_page: OpenPage, own: Project) -> None:
    said = [str(caption.value) for caption in open_page("results", own.root).caption]
    assert any(r"One standard deviation more of \$size of \*it\*" in words for words in said)


def names_of_lines(page: AppTest, alt: str) -> list[str]:
    """The names of the tables of the labelled lines of a chart."""
    return [data.name for data in chart(page, alt).datasets if data.name not in ("rows", "batches")]

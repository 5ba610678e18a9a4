"""Every number on the page Predict is what numpy finds with the recorded weights."""

import numpy as np
import pytest

from tests.dashboard.views.conftest import Offered, OpenPage, axes, cards, chart, drawn, texts
from tests.dashboard.views.independent import (
    NAMES,
    Boston,
    LinearRun,
    applied,
    dollars,
    signed_dollars,
    title,
    written,
)
from tests.projects import Project

UPLOADED = (13, 0, 505)
"""Rows of the table in the file that is uploaded."""


def test_the_numbers_of_a_prediction_are_those_of_numpy(
    open_page: OpenPage, recorded: Project, offered: Offered
) -> None:
    boston, run, row = Boston(recorded.root), LinearRun(recorded.root), 13
    page = open_page("predict", row=str(row))
    predicted, weights = applied(run.last, boston.features), run.last[:-1]
    fitted = boston.features[boston.rows["train"]]
    start = float(applied(run.last, fitted.mean(axis=0)[np.newaxis])[0])
    parts = weights * (boston.features[row] - fitted.mean(axis=0))
    price, actual = predicted[row], boston.target[row]
    order = np.argsort(-np.abs(weights))

    assert texts(page).startswith(f"{dollars(price)} for this house")
    assert cards(page) == {
        "Actual": dollars(actual),
        "Predicted minus actual": signed_dollars(price - actual),
        "From the mean house": signed_dollars(price - start),
    }
    part = next(part for part in ("train", "validation", "test") if row in boston.rows[part])
    assert f"row {row}, a {'training' if part == 'train' else part} row" in texts(page)
    assert f"root mean squared error on test rows: {dollars(boston.scores(run.last, 'test')['rmse'])}" in texts(page)
    assert f"predicted for it: {dollars(start)}" in texts(page)

    alt = f"From {dollars(start)} for the mean row to {dollars(price)}."
    bars = drawn(page, alt)
    labels = [f"{title(NAMES[index])}\n{written(boston.raw[row, index], 4)}" for index in order]
    assert list(bars["label"]) == ["mean row", *labels, "this house"]
    np.testing.assert_allclose(bars["part"], [start, *parts[order], price], atol=1e-5)
    np.testing.assert_allclose(bars["end"][1:-1], start + np.cumsum(parts[order]), atol=1e-5)
    words = [dollars(start), *(signed_dollars(parts[index]) for index in order), dollars(price)]
    assert list(bars["words"]) == words
    assert axes(page, alt) == {"predicted median price (medv), $1000"}
    top = int(np.abs(parts).argmax())
    largest = f"Largest: {title(NAMES[top])} {written(boston.raw[row, top], 4)} {signed_dollars(parts[top])}"
    assert largest in chart(page, alt).alt

    for slider, index in zip(page.slider, order, strict=True):
        values = boston.raw[:, index]
        assert slider.value == pytest.approx(boston.raw[row, index])
        assert (slider.min, slider.max) == pytest.approx((values.min(), values.max()), abs=slider.step)
    assert page.slider(key="slide tax").label == "property tax (tax)"
    assert [page.slider(key=f"slide {name}").step for name in ("chas", "rad", "tax")] == [1, 1, 1]

    changed = boston.raw[row].copy()
    changed[NAMES.index("rm")] = 5.5
    page.slider(key="slide rm").set_value(5.5).run()
    again = float(applied(run.last, ((changed - boston.mean) / boston.deviation)[np.newaxis])[0])
    assert texts(page).startswith(f"{dollars(again)} for this house")
    assert page.number_input(key="type rm").value == 5.5
    assert f"row {row} of the table, rooms (rm) changed" in texts(page)

    page.segmented_control(key="start").set_value("The mean").run()
    assert texts(page).startswith(f"{dollars(start)} for the mean house")
    assert page.number_input(key="row").disabled
    prices = boston.target[boston.rows["train"]]
    assert cards(page)["Actual mean"] == dollars(prices.mean())
    assert cards(page)["Predicted minus actual"] == signed_dollars(start - prices.mean())
    assert f"over {len(prices)} training rows" in texts(page)
    np.testing.assert_allclose(drawn(page, "for the mean row")["part"][1:-1], 0, atol=1e-5)

    houses = boston.table.loc[list(UPLOADED), list(NAMES)]
    content = houses.assign(street="High Street").to_csv(index=False).encode()
    page.file_uploader[0].upload("$my *houses*.csv", content, "text/csv").run()
    expected = predicted[list(UPLOADED)]
    ends = f"from {dollars(expected.min())} to {dollars(expected.max())}"
    assert f"$my *houses*.csv: 3 predictions, {ends}. Ignored: street." in texts(page)
    np.testing.assert_allclose(page.dataframe[0].value["predicted medv"], expected, rtol=1e-6)
    file = offered("predictions.csv")
    np.testing.assert_allclose(file["predicted medv"], expected, rtol=1e-6)
    np.testing.assert_allclose(file[list(NAMES)], houses)

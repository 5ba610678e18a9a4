"""The network on Backpropagation and on Train: its numbers are those of numpy's own forward pass on the files."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from tests.dashboard.views.conftest import OpenPage, press, texts
from tests.dashboard.views.independent import Boston, dollars, written
from tests.projects import Project
from tests.waiting import until

HIDDEN = {"backpropagation__graph": "Hidden layer"}
Array = NDArray[np.float64]


def pictures(page: AppTest) -> list[ElementTree.Element]:
    """The networks that a page draws."""
    given: list[dict[str, Any]] = [json.loads(part.proto.json) for part in page.get("bidi_component")]
    drawn = [each["svg"] for each in given if "frames" not in each]
    return [ElementTree.fromstring(svg) for svg in drawn]  # noqa: S314  ours


def units(page: AppTest) -> pd.DataFrame:
    """The table beside the picture."""
    table: pd.DataFrame = next(frame.value for frame in page.dataframe if "pre-activation" in frame.value)
    return table


def forward(weights: Array, row: Array, *hidden: int) -> tuple[list[Array], list[Array], list[Array]]:
    """The kernels, pre-activations and activations of sigmoid layers and a linear output, from flat weights."""
    kernels, sums, values = [], [], [row]
    for units in (*hidden, 1):
        inputs = len(values[-1])
        kernel, weights = weights[: inputs * units].reshape(inputs, units), weights[inputs * units :]
        bias, weights = weights[:units], weights[units:]
        kernels.append(kernel)
        sums.append(np.einsum("i,iu->u", values[-1], kernel) + bias)
        values.append(sums[-1] if len(sums) > len(hidden) else 1 / (1 + np.exp(-sums[-1])))
    assert not len(weights)
    return kernels, sums, values


def recorded_weights(root: Path) -> Array:
    """The weights that the recorded run ended with."""
    last: Array = np.asarray(pd.read_parquet(root / "data" / "run" / "weights.parquet")["weights"].iloc[-1], float)
    return last


def agrees(page: AppTest, weights: Array, row: Array, *hidden: int) -> None:
    """Expect the table and the picture of a page to have the numbers of a network for a row."""
    kernels, sums, values = forward(weights, row, *hidden)
    table = units(page)
    np.testing.assert_allclose(table["activation"], np.concatenate(values), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(table["pre-activation"][len(row) :], np.concatenate(sums), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(table["outgoing weight"][-hidden[-1] - 1 : -1], kernels[-1][:, 0], rtol=1e-6)
    (svg,) = pictures(page)
    titles = [title.text or "" for title in svg.iter("title")]
    assert len(titles) == len(table)
    for title, value in zip(titles, np.concatenate(values), strict=True):
        assert title.rsplit(": ", 1)[1] == written(float(value), 4)
    opacities = [float(path.attrib["stroke-opacity"]) for path in svg.iter("path")]
    for kernel in kernels:  # at most 150 lines each, the largest last
        largest = np.sort(np.abs(kernel).ravel())[-150:]
        drawn, opacities = opacities[: len(largest)], opacities[len(largest) :]
        np.testing.assert_allclose(drawn, largest / largest[-1], atol=0.006)
    assert not opacities


def test_the_graph_with_a_hidden_layer_has_every_unit_of_its_network(open_page: OpenPage, recorded: Project) -> None:
    from dashboard.lessons import graphs

    app = open_page("backpropagation", **HIDDEN, backpropagation__row="7", backpropagation__seed="3")
    assert not app.exception
    boston = Boston(recorded.root)
    weights = np.concatenate(list(graphs.hidden_layer_start(12, 3).values()), axis=None)
    agrees(app, weights, boston.features[7], 50)
    predicted = float(forward(weights, boston.features[7], 50)[2][-1][0])
    assert f"For house 7 this network predicts {'−' if predicted < 0 else ''}{dollars(predicted)};" in texts(app)
    assert f"the median price (medv) in the table is {dollars(boston.target[7])}." in texts(app)
    assert "Of the 650 weights, 200 are drawn" in texts(app)
    assert "12 features, then 50 sigmoid units of hidden" in pictures(app)[0].attrib["aria-label"]


def test_updates_of_the_graph_bring_the_prediction_of_the_picture_nearer(
    open_page: OpenPage, recorded: Project
) -> None:
    target = Boston(recorded.root).target[5]
    app = open_page("backpropagation", **HIDDEN, backpropagation__row="5")
    before = units(app)["activation"].iloc[-1]
    after = units(press(app, "Update 10 times"))["activation"].iloc[-1]
    assert abs(after - target) < abs(before - target) / 2


def test_other_graphs_have_no_network(open_page: OpenPage) -> None:
    for name in ("One weight", "Line on a batch"):
        app = open_page("backpropagation", backpropagation__graph=name)
        assert not pictures(app)
        assert "unit by unit" not in [heading.value for heading in app.subheader]


def test_a_recorded_model_that_the_graph_cannot_show_is_drawn_on_choice_and_stays_in_the_address(
    open_page: OpenPage, hidden: Project
) -> None:
    app = open_page("backpropagation", hidden.root, **HIDDEN, backpropagation__row="11")
    assert len(units(app)) == 12 + 50 + 1
    app = app.segmented_control(key="backpropagation-network").set_value("of the recorded run").run()
    agrees(app, recorded_weights(hidden.root), Boston(hidden.root).features[11], 50, 50)
    predictions = pd.read_csv(hidden.root / "data" / "run" / "predictions.csv")
    assert units(app).iloc[-1]["activation"] == pytest.approx(predictions["predicted"][11], rel=1e-6)
    assert units(app)["layer"].unique().tolist() == ["features", "hidden 1", "hidden 2", "output"]
    shared = dict(HIDDEN, backpropagation__row="11", backpropagation__network="of the recorded run")
    assert units(open_page("backpropagation", hidden.root, **shared)).equals(units(app))


def test_a_table_of_its_own_has_its_own_nouns_and_names(open_page: OpenPage, own: Project) -> None:
    app = open_page("backpropagation", own.root, **HIDDEN, backpropagation__row="4")
    assert "For row 4 this network predicts" in texts(app)
    assert units(app)["unit"].tolist()[:2] == ["$size of *it*", "=left_over"]
    assert pictures(app)[0].attrib["aria-label"].startswith("The network for row 4: 2 features, then 50 sigmoid")


def test_train_draws_the_newest_weights_of_a_model_with_hidden_layers_for_the_chosen_house(
    open_page: OpenPage, recorded: Project
) -> None:
    app = open_page("train")
    assert not pictures(app)
    app = app.segmented_control[0].set_value("two_hidden").run()
    app = next(field for field in app.number_input if field.label == "Epochs").set_value(3).run()
    (empty,) = pictures(app)
    assert len(units(app)) == 0
    app = press(press(app, "Train"), "Skip to the end")
    until(lambda: any(button.label == "Record" for button in app.run().button) or "Failed" in texts(app))
    app = next(field for field in app.number_input if "in the network" in field.label).set_value(9).run()
    (full,) = pictures(app)
    assert full.attrib["viewBox"] == empty.attrib["viewBox"]
    assert full.attrib["aria-label"].startswith(
        "The network for house 9: 12 features, then 50 sigmoid units of hidden 1"
    )
    assert not app.exception

    from pipeline.training.descent import descend

    data, settings = recorded.store.read_normalized(), recorded.store.read_training().settings
    settings = settings.model_copy(update={"model": "two_hidden", "epochs": 3})
    weights = list(descend(data.part("train"), data.part("validation"), settings))[-1].weights[-1]
    agrees(app, weights.astype(float), Boston(recorded.root).features[9], 50, 50)

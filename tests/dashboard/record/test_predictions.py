"""What the recorded model says of a row: as the pipeline recorded it, and split among the features without a rest."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dashboard.record.predictions import Predictor, Span
from dashboard.record.snapshot import Record
from pipeline.arrays import Floats, rounded
from pipeline.network.layers import Layer, size_of
from pipeline.record.predictions import DIGITS
from pipeline.tables.scaling import Scaling

HIDDEN = {
    "one_hidden": (Layer("hidden", 12, 50, "sigmoid"), Layer("output", 50, 1, "linear")),
    "two_hidden": (
        Layer("hidden_1", 12, 50, "sigmoid"),
        Layer("hidden_2", 50, 50, "sigmoid"),
        Layer("output", 50, 1, "linear"),
    ),
}


def draw(layers: tuple[Layer, ...], seed: int, size: float = 0.5) -> NDArray[np.float32]:
    count = size_of(layers)
    return (size * np.random.default_rng(seed).standard_normal(count)).astype(np.float32)


def predictor(layers: tuple[Layer, ...], weights: NDArray[np.float32], scaling: Scaling, centre: Floats) -> Predictor:
    return Predictor(layers, weights, scaling, centre, np.ones_like(centre))


def test_predictions_are_those_that_the_pipeline_recorded(record: Record) -> None:
    raw = record.raw[list(record.data.names)].to_numpy()
    predicted = rounded(Predictor.of(record.run, record.data).predict(raw), DIGITS)
    np.testing.assert_array_equal(predicted, record.predicted)


def test_raw_features_start_from_the_mean_of_the_training_rows_too(record: Record) -> None:
    data = record.prepared(record.data.settings.model_copy(update={"scaling": "none"}))
    raw = Predictor.of(record.run, data)
    rows = data.part("train").features
    expected = record.run.result[:-1].astype(np.float64) * (rows[0] - rows.mean(axis=0))
    np.testing.assert_allclose(raw.contributions(rows[0]), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(raw.mean_row, rows.mean(axis=0))
    assert raw.start == pytest.approx(float(raw.predict(rows).mean()))


@pytest.mark.parametrize("name", HIDDEN)
@given(distances=st.lists(st.floats(-12, 12), min_size=12, max_size=12), seed=st.integers(0, 50))
@example(distances=[0.0, 1e100, *[0.0] * 10], seed=7)
@settings(deadline=None, max_examples=40)
def test_contributions_add_up_to_the_prediction(name: str, distances: list[float], seed: int) -> None:
    centre = np.full(12, 0.3)
    hidden = predictor(HIDDEN[name], draw(HIDDEN[name], seed), Scaling.none(12), centre)
    row = centre + np.array(distances)
    total = hidden.start + hidden.contributions(row).sum()
    assert total == pytest.approx(hidden.predict_row(row), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", HIDDEN)
def test_contributions_are_the_slope_integrated_along_the_straight_line(name: str) -> None:
    layers, weights = HIDDEN[name], draw(HIDDEN[name], 4)
    layers[0].unpack(weights[: layers[0].size])[0][4] = 0
    hidden = predictor(layers, weights, Scaling.none(12), np.zeros(12))
    row = np.random.default_rng(5).standard_normal(12) * 2
    row[7] = 0
    steps = 4_000
    line = (np.arange(steps)[:, np.newaxis] + 0.5) / steps * row
    nudge = 1e-5
    expected = np.zeros(12)
    for feature in range(12):
        there, back = line.copy(), line.copy()
        there[:, feature] += nudge
        back[:, feature] -= nudge
        slopes = (hidden.predict(there) - hidden.predict(back)) / (2 * nudge)
        expected[feature] = row[feature] * slopes.mean()
    parts = hidden.contributions(row)
    np.testing.assert_allclose(parts, expected, rtol=1e-4, atol=1e-6)
    assert parts[4] == parts[7] == 0  # the one enters nowhere, the other is at its mean


def test_with_hidden_layers_slopes_of_opposite_sign_do_not_cancel_in_the_ranking(record: Record) -> None:
    # The first feature enters as s(4x - 2) + s(-4x - 2), which is even, the second as s(x).
    layers = (Layer("hidden", 12, 3, "sigmoid"), Layer("output", 3, 1, "linear"))
    kernel = np.zeros((12, 3))
    kernel[0, :2], kernel[1, 2] = (4, -4), 1
    weights = np.concatenate([kernel.ravel(), [-2, -2, 0], [1, 1, 1], [0]]).astype(np.float32)
    run = replace(record.run, layers=layers, weights=weights[np.newaxis])
    features = np.random.default_rng(0).choice([-1.0, 1.0], size=(len(record.raw), 12))
    kept = record.raw.assign(**dict(zip(record.data.names, features.T, strict=True)))
    data = replace(record.data, kept=kept, scaling=Scaling.none(12))
    rows = data.part("train").features[:200]
    up, down = rows.copy(), rows.copy()
    up[:, 0] += 1e-5
    down[:, 0] -= 1e-5

    def output(x: Floats) -> Floats:
        sums = x @ kernel + [-2, -2, 0]
        return np.asarray((1 / (1 + np.exp(-sums))).sum(axis=1))

    slope = np.abs(output(up) - output(down)).mean() / 2e-5
    reach = Predictor.of(run, data).reach
    assert reach[0] == pytest.approx(slope * data.part("train").features[:, 0].std(), rel=1e-6)
    assert reach[0] > reach[1] > reach[2] == 0


@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=20), st.floats(0, 1))
@settings(deadline=None)
@example([123456.1234567, 123456.1234568], 0.5)
def test_a_sliders_grid_holds_the_whole_table_and_nothing_else(values: list[float], share: float) -> None:
    column = np.array(values)
    span = Span.of(column)
    assert span.low <= span.smallest
    assert span.largest <= span.high
    assert all(value in span for value in values)
    assert span.clamp(span.low + share * (span.high - span.low)) in span
    assert span.step > 0


def test_whole_numbers_move_by_whole_numbers_and_others_by_hundreds_of_round_steps() -> None:
    assert Span.of(np.array([0.0, 1.0])) == Span(0, 1, 0, 1, 1)
    assert Span.of(np.array([187.0, 711.0])).step == 1
    rooms = Span.of(np.array([3.561, 8.78]))
    assert (rooms.low, rooms.high, rooms.step) == (3.56, 8.78, 0.01)
    assert rooms.clamp(3.56) == 3.561
    assert rooms.clamp(3.56 + 7 * 0.01) == 3.63
    assert 3.56 not in rooms
    assert Span.of(np.array([2.9, 100.0])).low == 2.9
    constant = Span.of(np.array([0.1, 0.1, 0.1]))
    assert constant.smallest == constant.largest == 0.1
    assert 0.1 in constant
    assert 0.2 not in constant

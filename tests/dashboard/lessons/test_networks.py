"""A row on its way through a network: each unit's numbers by sums over its own weights, and the strongest of them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from dashboard.lessons.networks import Passage, largest_outgoing, largest_weights, strongest
from pipeline.arrays import Floats
from pipeline.network.layers import Layer, size_of

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    "relu": lambda z: z if z > 0 else 0.0,
    "linear": lambda z: z,
}


def network(features: int, *hidden: tuple[str, int, str]) -> tuple[list[Layer], Floats]:
    """Layers with any names, and random weights."""
    layers, inputs = [], features
    for name, units, activation in (*hidden, ("the last: <b>", 1, "linear")):
        layers.append(Layer(name, inputs, units, activation))
        inputs = units
    return layers, np.random.default_rng(features).normal(size=size_of(layers))


NETWORKS = {
    "one hidden": network(12, ("hidden", 50, "sigmoid")),
    "two hidden": network(12, ("hidden_1", 50, "sigmoid"), ("hidden_2", 50, "sigmoid")),
    "one feature": network(1, ("a", 3, "tanh")),
    "200 features": network(200, ("b", 70, "relu"), ("c", 4, "tanh")),
}


@pytest.mark.parametrize(("layers", "weights"), NETWORKS.values(), ids=NETWORKS)
def test_every_unit_sums_its_inputs_times_its_weights_and_passes_its_activation_on(
    layers: list[Layer], weights: Floats
) -> None:
    row = np.random.default_rng(1).normal(size=layers[0].inputs)
    passage = Passage.of(layers, weights.astype(np.float32), row)
    numbers, inputs = weights.astype(np.float32).astype(float).tolist(), row.tolist()
    for layer, summed, value in zip(layers, passage.sums, passage.values[1:], strict=True):
        bias = layer.inputs * layer.units
        sums = [
            sum(x * numbers[place * layer.units + unit] for place, x in enumerate(inputs)) + numbers[bias + unit]
            for unit in range(layer.units)
        ]
        numbers, inputs = numbers[bias + layer.units :], [ACTIVATIONS[layer.activation](each) for each in sums]
        np.testing.assert_allclose(summed, sums, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(value, inputs, rtol=1e-9, atol=1e-12)
    assert not numbers
    assert passage.prediction == pytest.approx(inputs[0], rel=1e-9)


def test_the_table_has_a_row_for_each_feature_and_unit_with_the_weight_that_leads_on() -> None:
    layers = [Layer("hidden_1", 2, 2, "sigmoid"), Layer("out", 2, 1, "linear")]
    weights = np.array([1.0, -3.0, 0.5, 2.0, 0.0, 1.0, -4.0, 0.25, 10.0])
    table = Passage.of(layers, weights, np.array([2.0, -1.0])).table(["rm", "age"])
    assert table["layer"].tolist() == ["features"] * 2 + ["hidden 1"] * 2 + ["out"]
    assert table["unit"].tolist() == ["rm", "age", "1", "2", "1"]
    first, second = 1 / (1 + math.exp(-1.5)), 1 / (1 + math.exp(7.0))  # 2 − 0.5, and −6 − 2 + 1
    prediction = -4 * first + 0.25 * second + 10
    np.testing.assert_allclose(table["pre-activation"], [np.nan, np.nan, 1.5, -7, prediction])
    np.testing.assert_allclose(table["activation"], [2, -1, first, second, prediction])
    np.testing.assert_allclose(table["outgoing weight"], [-3, 2, -4, 0.25, np.nan])


def test_the_strongest_keep_their_order_and_the_largest_weight_comes_last() -> None:
    layers, weights = NETWORKS["200 features"]
    passage = Passage.of(layers, weights, np.ones(200))
    places = strongest(passage, 20)
    assert [len(drawn) for drawn in places] == [20, 20, 4, 1]
    sizes = (passage.kernels[0] ** 2).sum(axis=1)
    assert places[0].tolist() == sorted(places[0].tolist())
    assert sizes[places[0]].min() >= np.delete(sizes, places[0]).max()
    begins, ends = largest_weights(passage.kernels[1], 9)
    drawn = np.abs(passage.kernels[1][begins, ends])
    assert drawn.tolist() == sorted(np.abs(passage.kernels[1]).ravel())[-9:]
    assert largest_outgoing(np.array([[1.0, -2.0], [0.5, 0.25]])).tolist() == [-2, 0.5]

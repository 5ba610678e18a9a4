"""Backpropagation in small: the worked example to the digit, and every gradient against oracles that know no graph."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.lessons import backprop, graphs
from dashboard.lessons.backprop import Build, Node, backward, check, finite_difference, forward, gradients, leaf
from pipeline.arrays import Floats

EXAMPLE = {"x": np.array(2.0), "y": np.array(5.0), "v": np.array(0.0)}
NUMBERS = st.floats(-1.5, 1.5).map(lambda number: round(number, 3))


def random_network(rows: int = 1, features: int = 4, seed: int = 0) -> dict[str, Floats]:
    generator = np.random.default_rng(seed)
    data = {"x": generator.normal(size=(rows, features)), "y": generator.normal(20, 5, (rows, 1))}
    return graphs.hidden_layer_start(features, seed) | data


def test_the_worked_example_has_the_values_of_the_book() -> None:
    assert {node.name: node.value.item() for node in forward(graphs.one_weight(**EXAMPLE))} == {
        "v": 0,
        "x": 2,
        "prediction": 0,
        "y": 5,
        "error": -5,
        "loss": 25,
    }


def test_the_worked_example_goes_back_by_minus_ten_minus_ten_and_minus_twenty() -> None:
    flows = backward(graphs.one_weight(**EXAMPLE))
    assert [(f.edge.source.name, f.edge.local.item(), f.upstream.item(), f.gradient.item()) for f in flows] == [
        ("error", -10, 1, -10),
        ("prediction", 1, -10, -10),
        ("v", 2, -10, -20),
    ]


def test_an_update_of_the_worked_example_brings_v_to_a_fifth() -> None:
    assert graphs.updated(graphs.one_weight, EXAMPLE, 0.01) == {"x": 2, "y": 5, "v": 0.2}


def test_a_number_that_is_used_twice_gets_the_sum_of_both_ways() -> None:
    a = leaf("a", 3.0, tunable=True)
    loss = backprop.add(backprop.square(a), backprop.multiply(a, leaf("b", 5.0)))
    assert gradients(loss)["a"].item() == 2 * 3 + 5


def test_a_graph_that_doubles_back_many_times_is_walked_once() -> None:
    node = leaf("a", 1.0, tunable=True)
    for _ in range(60):
        node = backprop.add(node, node)
    assert gradients(node)["a"].item() == 2.0**60


@pytest.fixture(scope="session")
def taped() -> Callable[..., dict[str, Floats]]:
    """The gradients that TensorFlow's own tape finds for a loss written in TensorFlow, in float64."""
    from pipeline.training.frameworks import tf

    def gradients_of(loss: Callable[..., Any], values: dict[str, Floats], *tuned: str) -> dict[str, Floats]:
        tensors = {name: tf.constant(value, tf.float64) for name, value in values.items()}
        with tf.GradientTape() as tape:
            tape.watch([tensors[name] for name in tuned])
            result = loss(tf, **tensors)
        found = tape.gradient(result, [tensors[name] for name in tuned])
        return {name: gradient.numpy() for name, gradient in zip(tuned, found, strict=True)}

    return gradients_of


def assert_same(found: dict[str, Floats], expected: dict[str, Floats]) -> None:
    assert list(found) == list(expected)
    for name, gradient in expected.items():
        assert found[name].shape == gradient.shape
        np.testing.assert_allclose(found[name], gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("x", "y", "v"), [(2, 5, 0), (-1.5, 0.25, 3), (0, 1, 1), (1e-3, 1e3, -7)])
def test_one_weight_has_the_gradient_that_the_tape_finds(taped: Any, x: float, y: float, v: float) -> None:
    values = {"v": np.array(v), "x": np.array(x), "y": np.array(y)}
    assert_same(gradients(graphs.one_weight(**values)), taped(lambda tf, v, x, y: tf.square(v * x - y), values, "v"))


@pytest.mark.parametrize("rows", [1, 2, 40])
def test_a_line_on_a_batch_has_the_gradients_that_the_tape_finds(taped: Any, rows: int) -> None:
    generator = np.random.default_rng(rows)
    values = {"kernel": np.array(0.7), "bias": np.array(-2.0), "x": generator.normal(size=rows)}
    values["y"] = generator.normal(20, 9, rows)
    expected = taped(
        lambda tf, kernel, bias, x, y: tf.reduce_mean(tf.square(kernel * x + bias - y)), values, "kernel", "bias"
    )
    assert_same(gradients(graphs.line(**values)), expected)


def test_a_hidden_layer_has_the_gradients_that_the_tape_finds(taped: Any) -> None:
    values = random_network(features=12)
    tuned = ("hidden_kernel", "hidden_bias", "output_kernel", "output_bias")

    def loss(
        tf: Any, hidden_kernel: Any, hidden_bias: Any, output_kernel: Any, output_bias: Any, x: Any, y: Any
    ) -> Any:
        hidden = tf.sigmoid(x @ hidden_kernel + hidden_bias)
        return tf.reduce_sum(tf.square(hidden @ output_kernel + output_bias - y))

    assert_same(gradients(graphs.hidden_layer(**values)), taped(loss, values, *tuned))


OPERATIONS: dict[str, Callable[[Node, Node], Node]] = {
    "add": backprop.add,
    "subtract": backprop.subtract,
    "multiply": backprop.multiply,
    "square": lambda a, _: backprop.square(a),
    "sigmoid": lambda a, _: backprop.sigmoid(a),
    "mean": lambda a, _: backprop.mean(a),
}


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("add", ["1", "1"]),
        ("subtract", ["1", "−1"]),
        ("multiply", ["b", "a"]),
        ("square", ["2 × a"]),
        ("sigmoid", ["s × (1 − s)"]),
        ("mean", ["1 / 3"]),
    ],
)
def test_an_operation_says_its_derivatives_as_formulas(name: str, rules: list[str]) -> None:
    node = OPERATIONS[name](leaf("a", [1, 2, 3]), leaf("b", 5))
    assert [edge.rule for edge in node.edges] == rules


@given(
    st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=4),
    arrays(np.float64, 3, elements=NUMBERS),
    NUMBERS,
)
def test_any_graph_has_the_gradients_that_a_finite_difference_measures(
    names: list[str], vector: Floats, number: float
) -> None:
    def build(a: Floats, b: Floats) -> Node:
        leaves = leaf("a", a, tunable=True), leaf("b", b, tunable=True)
        node = leaves[0]
        for turn, name in enumerate(names):
            node = OPERATIONS[name](node, leaves[turn % 2])
        return backprop.mean(backprop.sigmoid(backprop.multiply(node, leaf("small", 0.01))))

    values = {"a": vector, "b": np.array(number)}
    found = gradients(build(**values))
    for name in values:
        measured = finite_difference(build, values, name)
        found_or_unused = found.get(name, np.zeros_like(measured))
        np.testing.assert_allclose(found_or_unused, measured, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("build", [graphs.one_weight, graphs.hidden_layer])
def test_every_tuned_number_is_checked_and_agrees(build: Build) -> None:
    values = EXAMPLE if build is graphs.one_weight else random_network()
    checked = check(build, values)
    assert len(checked) == (1 if build is graphs.one_weight else 4 * 50 + 50 + 50 + 1)
    assert checked["number"].is_unique
    largest = checked["gradient"].abs().max()
    np.testing.assert_allclose(checked["gradient"], checked["measured"], rtol=0, atol=1e-7 * largest)


def test_updates_of_the_hidden_layer_bring_the_prediction_to_the_price() -> None:
    values = random_network()
    for _ in range(200):
        values = graphs.updated(graphs.hidden_layer, values, 0.005)
    assert graphs.hidden_layer(**values).value.item() < 1e-6

"""Backpropagation in small: the worked example to the digit, and every gradient against oracles that know no graph."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.lessons import backprop, graphs
from dashboard.lessons.backprop import Build, Node, check, finite_difference, gradients, leaf
from pipeline.arrays import Floats

EXAMPLE = {"x": np.array(2.0), "y": np.array(5.0), "v": np.array(0.0)}
NUMBERS = st.floats(-1.5, 1.5).map(lambda number: round(number, 3))


def random_network(rows: int = 1, features: int = 4, seed: int = 0) -> dict[str, Floats]:
    generator = np.random.default_rng(seed)
    data = {"x": generator.normal(size=(rows, features)), "y": generator.normal(20, 5, (rows, 1))}
    return graphs.hidden_layer_start(features, seed) | data


def test_an_update_of_the_worked_example_brings_v_to_a_fifth() -> None:
    assert graphs.updated(graphs.one_weight, EXAMPLE, 0.01) == {"x": 2, "y": 5, "v": 0.2}


def test_a_graph_that_doubles_back_many_times_is_walked_once() -> None:
    node = leaf("a", 1.0, tunable=True)
    for _ in range(60):
        node = backprop.add(node, node)
    assert gradients(node)["a"].item() == 2.0**60


def test_a_hidden_layer_has_the_gradients_that_the_tape_finds() -> None:
    from pipeline.training.frameworks import tf

    values = random_network(features=12)
    x, y, *weights = (tf.constant(values[name]) for name in ("x", "y", *graphs.hidden_layer_start(12, 0)))
    with tf.GradientTape() as tape:
        tape.watch(weights)
        hidden = tf.sigmoid(x @ weights[0] + weights[1])
        loss = tf.reduce_sum(tf.square(hidden @ weights[2] + weights[3] - y))
    expected = [gradient.numpy() for gradient in tape.gradient(loss, weights)]
    for found, gradient in zip(gradients(graphs.hidden_layer(**values)).values(), expected, strict=True):
        np.testing.assert_allclose(found, gradient, rtol=1e-12, atol=1e-12, strict=True)


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
        ("sigmoid", ["sigmoid × (1 − sigmoid)"]),
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

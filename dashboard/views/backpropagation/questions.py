"""What a reader of the graph should be able to say: a product of the chain rule, a sign, and a new weight."""

from collections.abc import Iterator

import pandas as pd

from dashboard.lessons.questions import Question
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.backpropagation.tuned_graph import Graph

_MOVE = 1e-5
_FLAT = 1e-6
"""A gradient of this size or less is mostly rounding."""


def questions(graph: Graph, checked: pd.DataFrame) -> Iterator[Question]:
    """Three questions on a graph whose first weight, its value and its gradient are the first row of `checked`."""
    name, value, gradient = (checked.iloc[0][column] for column in ("number", "value", "gradient"))
    written = format_number(gradient, 4)
    if graph.name == "one weight":
        yield _chain_rule(graph)
    elif abs(gradient) > _FLAT:
        yield Question.numeric(
            f"By about how much does the loss change if {name} grows by 0.00001?",
            _MOVE * gradient,
            (-_MOVE * gradient, gradient, gradient / _MOVE),
            f"The gradient, {written}, is the change of the loss per unit of the weight, so a small change is "
            "multiplied by it.",
        )
    yield Question(
        f"In which direction should {name} move to reduce the loss?",
        ("Up", "Down", "It should stay"),
        "Up" if gradient < 0 else "Down" if gradient > 0 else "It should stay",
        f"Its gradient is {written}: "
        + (
            "the loss is flat there, so the next update leaves the weight as it is."
            if gradient == 0
            else "the loss falls when the weight grows, so SGD makes it larger."
            if gradient < 0
            else "the loss grows when the weight grows, so SGD makes it smaller."
        ),
    )
    yield Question.numeric(
        f"What is {name} after one update with the learning rate of the page?",
        value - graph.rate * gradient,
        (value + graph.rate * gradient, value - gradient, value),
        f"New weight = weight − learning rate × gradient: {format_number(value, 5)} − {format_setting(graph.rate)} × "
        f"({written}). *Update once* does so, and then asks these questions with the new numbers.",
        5,
    )


def _chain_rule(graph: Graph) -> Question:
    v, y = (float(graph.values[name]) for name in ("v", "y"))
    x = 2 * float(graph.values["x"])
    difference = v * x - y
    return Question.numeric(
        "If x were twice as large, and v and y as they are, what would the derivative of the loss by v be?",
        2 * difference * x,
        (difference * x / 2, difference * x, -2 * difference * x, 2 * difference),
        f"The chain rule multiplies along the way back: 2 × ({format_number(v, 5)} × {format_number(x, 5)} − "
        f"{format_number(y, 5)}) from the square, 1 from the difference, {format_number(x, 5)} from the product.",
        5,
    )

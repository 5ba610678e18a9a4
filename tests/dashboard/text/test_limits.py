"""Limits in words: which is said of which settings, and when that with batches is told apart."""

import pytest

from dashboard.text.limits import HIDDEN_LAYERS, NO_LIMIT, describe_limits, formula
from pipeline.network.limits import Limits
from tests.defaults import train


@pytest.mark.parametrize(
    ("minibatch", "batch_size", "ending"),
    [
        (0.2, 40, r"($2/\lambda_{\max}$)."),
        (0.195, 40, "; with batches of 40 the limit is about the same."),
        (0.185, 40, "; with batches of 40, whose curvature varies, up to about **0.18**."),
        (0.0123, 1, "; with batches of a single row, whose curvature varies, up to about **0.012**."),
    ],
)
def test_a_limit_with_batches_is_told_apart_where_it_is_a_twentieth_lower(
    minibatch: float, batch_size: int, ending: str
) -> None:
    text = describe_limits(Limits(0.2, minibatch), train(batch_size=batch_size))
    assert text.startswith("With all rows in every update, training is stable up to a learning rate of **0.2**")
    assert text.endswith(ending)


def test_without_a_limit_the_reason_is_that_of_the_loss_or_of_the_model() -> None:
    assert describe_limits(None, train(loss="mae")) == NO_LIMIT
    assert describe_limits(None, train(model="one_hidden")) == HIDDEN_LAYERS


@pytest.mark.parametrize(
    ("momentum", "nesterov", "latex"),
    [
        (0.0, False, r"$2/\lambda_{\max}$"),
        (0.5, False, r"$2\,(1 + 0.5)\,/\,\lambda_{\max}$"),
        (0.5, True, r"$2\,(1 + 0.5)\,/\,((1 + 2 \cdot 0.5)\,\lambda_{\max})$"),
    ],
)
def test_the_formula_is_that_of_the_settings(momentum: float, nesterov: bool, latex: str) -> None:
    assert formula(train(momentum=momentum, nesterov=nesterov)) == latex

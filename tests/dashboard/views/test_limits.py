"""What descent on all rows does at a learning rate, in words, against descents that are tried."""

import numpy as np
import pytest

from dashboard.views.parts.limits import fate
from pipeline.network.linear import Curvature
from pipeline.network.sgd import update
from tests.defaults import defaults

STEEPEST, FLATTEST = 4.0, 0.5


def followed(rate: float, momentum: float, nesterov: bool) -> str:
    """The word for what becomes of the distance along the steepest direction in 60 updates."""
    weight, velocity, signs = np.array([1.0]), np.array([0.0]), []
    for _ in range(60):
        weight, velocity = update(weight, velocity, STEEPEST * weight, rate, momentum, nesterov)
        signs.append(np.sign(weight[0]))
    if abs(weight[0]) > 1:
        return "diverges"
    jumps = not momentum and signs[:4] == [-1, 1, -1, 1]
    return "jumps across the optimum and converges" if jumps else "converges"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.45, 0.55, 0.9, 1.1])
@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.5, False), (0.5, True)])
def test_the_fate_of_a_rate_is_what_becomes_of_the_distance(share: float, momentum: float, nesterov: bool) -> None:
    settings = defaults().train.model_copy(update={"momentum": momentum, "nesterov": nesterov})
    limit = 2 * (1 + momentum) / (1 + 2 * momentum if nesterov else 1) / STEEPEST
    curvature = Curvature(STEEPEST, FLATTEST)
    assert fate(share * limit, settings, curvature) == followed(share * limit, momentum, nesterov)

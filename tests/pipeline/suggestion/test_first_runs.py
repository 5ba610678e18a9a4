"""Tests of the first run on tables as people have them: with the suggested settings it comes close to least squares."""

from typing import Final

import numpy as np
import pytest

from pipeline.arrays import Floats
from pipeline.network.layers import predict
from pipeline.network.linear import Optimum
from pipeline.record.runs import collect
from pipeline.suggestion.settings import Suggestion
from pipeline.tables.preparation import prepare
from pipeline.training.descent import descend, layers
from tests.defaults import defaults
from tests.shapes import Shape, shapes

SHAPES: Final = shapes()


def r2(actual: Floats, predicted: Floats) -> float:
    return float(1 - np.mean((actual - predicted) ** 2) / np.var(actual))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_the_first_run_comes_close_to_least_squares(shape: Shape) -> None:
    suggestion = Suggestion.of(shape.table, shape.target, defaults())
    data = prepare(shape.table, suggestion.normalize, ())
    rows, test = data.part("train"), data.part("test")
    layout = layers("linear", len(data.names))
    epochs = descend(rows, data.part("validation"), suggestion.train)
    run = collect(epochs, layout, suggestion.train.epochs)
    best = Optimum.of(rows.features, rows.target)
    assert run.status == "completed"
    for part, short in ((rows, 0.01), (test, 0.04)):
        reached = r2(part.target, predict(layout, run.result, part.features))
        assert reached > r2(part.target, best.predict(part.features)) - short

"""The models that can be trained."""

from typing import get_args

import numpy as np
import pytest

from pipeline.network.layers import Layer
from pipeline.params import Train
from pipeline.training.models import MODELS, layers_of


def test_the_models_are_those_that_params_yaml_may_name() -> None:
    assert tuple(MODELS) == get_args(Train.model_fields["model"].annotation)


def test_the_models_have_the_layers_that_their_names_promise() -> None:
    linear, hidden = "linear", "sigmoid"
    promised = {
        "linear": [Layer("output", 12, 1, linear)],
        "one_hidden": [Layer("hidden", 12, 50, hidden), Layer("output", 50, 1, linear)],
        "two_hidden": [
            Layer("hidden_1", 12, 50, hidden),
            Layer("hidden_2", 50, 50, hidden),
            Layer("output", 50, 1, linear),
        ],
    }
    assert {name: layers_of(MODELS[name](12)) for name in promised} == promised


@pytest.mark.parametrize("name", MODELS)
def test_models_compute_in_float64(name: str) -> None:
    assert {array.dtype for array in MODELS[name](3).get_weights()} == {np.dtype("float64")}

"""The models that can be trained."""

from typing import get_args

import numpy as np
import pytest

from pipeline.network.layers import Layer, is_linear
from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.training.frameworks import keras
from pipeline.training.models import MODELS, build, layers_of
from tests.defaults import train


def test_the_models_are_those_that_params_yaml_may_name() -> None:
    assert tuple(MODELS) == get_args(Train.model_fields["model"].annotation)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_linear_by_its_name_where_it_is_by_its_layers(name: str) -> None:
    assert train(model=name).is_linear == is_linear(layers_of(build(name, 3)))


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
    assert {name: layers_of(build(name, 12)) for name in promised} == promised


def test_a_model_that_is_only_half_added_is_refused_with_the_place_of_the_other_half(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(
        UserError, match=r"train.model is 'half_added', which the schema allows; add it to MODELS in pipeline/"
    ):
        build("half_added", 12)
    layers = [keras.Input((12,)), keras.layers.Dense(1, activation="softsign", name="output")]
    monkeypatch.setitem(MODELS, "half_added", lambda _: keras.Sequential(layers))
    with pytest.raises(
        UserError, match=r"activation softsign; expected one of linear, .*: add it to pipeline/network/"
    ):
        build("half_added", 12)


@pytest.mark.parametrize("name", MODELS)
def test_models_compute_in_float64(name: str) -> None:
    assert {array.dtype for array in MODELS[name](3).get_weights()} == {np.dtype("float64")}

"""A trained network in numpy: the layout of its flat weights, and predictions equal to Keras's."""

import numpy as np
import pytest

from pipeline.network.activations import ACTIVATIONS
from pipeline.network.layers import Layer, gradients, predict, size_of
from pipeline.training.frameworks import keras
from pipeline.training.models import MODELS, layers_of


@pytest.mark.parametrize("name", MODELS)
def test_predictions_equal_those_of_keras(name: str) -> None:
    generator = np.random.default_rng(0)
    model = MODELS[name](4)
    arrays = [generator.normal(size=array.shape) for array in model.get_weights()]
    model.set_weights(arrays)
    features = generator.normal(size=(30, 4))
    ours = predict(layers_of(model), np.concatenate(arrays, axis=None), features)
    assert ours.shape == (30,)
    np.testing.assert_allclose(ours, model.predict(features, verbose=0)[:, 0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_equals_that_of_keras_however_large_its_argument(name: str) -> None:
    z = np.array([-800.0, -3.0, -1e-9, 0.0, 0.5, 40.0, 800.0])
    theirs = keras.ops.convert_to_numpy(keras.activations.get(name)(keras.ops.convert_to_tensor(z)))
    np.testing.assert_allclose(ACTIVATIONS[name].value(z), theirs, rtol=1e-12, atol=1e-15)


def test_a_layer_holds_its_kernel_row_by_row_and_then_its_bias() -> None:
    layer = Layer("hidden", inputs=2, units=3, activation="linear")
    kernel, bias = layer.unpack(np.arange(9.0))
    assert layer.size == 9
    assert kernel.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert bias.tolist() == [6, 7, 8]


def test_recorded_float32_weights_are_summed_in_float64() -> None:
    layer = Layer("output", inputs=2, units=1, activation="linear")
    weights = np.array([1, -1, 1], dtype=np.float32)
    assert predict([layer], weights, np.array([[1e12 + 1, 1e12]])).tolist() == [2.0]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_those_that_a_small_change_of_a_feature_finds(activation: str) -> None:
    generator = np.random.default_rng(8)
    layers = (Layer("hidden", 3, 5, activation), Layer("output", 5, 1, activation))
    weights = 0.5 * generator.normal(size=size_of(layers))
    rows = generator.normal(size=(20, 3))
    found = gradients(layers, weights, rows)
    small = 1e-6
    for feature in range(3):
        step = np.eye(3)[feature] * small
        expected = (predict(layers, weights, rows + step) - predict(layers, weights, rows - step)) / (2 * small)
        np.testing.assert_allclose(found[:, feature], expected, atol=1e-7)

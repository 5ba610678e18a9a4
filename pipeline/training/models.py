"""The models that can be trained: for each name, how Keras builds it."""

from collections.abc import Callable
from typing import Final

from pipeline.network.activations import ACTIVATIONS
from pipeline.network.layers import Layer
from pipeline.safety.errors import UserError
from pipeline.training.frameworks import keras

Builder = Callable[[int], keras.Sequential]


def linear(features: int) -> keras.Sequential:
    """Build `price = features . kernel + bias`: one unit without an activation."""
    return keras.Sequential([keras.Input((features,)), keras.layers.Dense(1, name="output")])


def one_hidden(features: int) -> keras.Sequential:
    """Build a layer of 50 sigmoid units before the output."""
    return keras.Sequential([keras.Input((features,)), _sigmoids("hidden"), keras.layers.Dense(1, name="output")])


def two_hidden(features: int) -> keras.Sequential:
    """Build two layers of 50 sigmoid units before the output."""
    hidden = [_sigmoids("hidden_1"), _sigmoids("hidden_2")]
    return keras.Sequential([keras.Input((features,)), *hidden, keras.layers.Dense(1, name="output")])


MODELS: Final[dict[str, Builder]] = {"linear": linear, "one_hidden": one_hidden, "two_hidden": two_hidden}


def _sigmoids(name: str) -> keras.layers.Dense:
    return keras.layers.Dense(50, activation="sigmoid", name=name)


def build(name: str, features: int) -> keras.Sequential:
    """Build a model by its name. Raises `UserError` where it, or its activation, is missing from the code."""
    if name not in MODELS:
        raise UserError(
            f"train.model is {name!r}, which the schema allows; add it to MODELS in pipeline/training/models.py"
        )
    model = MODELS[name](features)
    for layer in layers_of(model):
        if layer.activation not in ACTIVATIONS:
            raise UserError(
                f"the layer {layer.name} of {name} has the activation {layer.activation}; expected one of "
                f"{', '.join(ACTIVATIONS)}: add it to pipeline/network/activations.py"
            )
    return model


def layers_of(model: keras.Sequential) -> list[Layer]:
    """Describe the dense layers of a model, for whoever reads its flat weights without Keras."""
    return [
        Layer(layer.name, layer.kernel.shape[0], layer.kernel.shape[1], layer.activation.__name__)
        for layer in model.layers
    ]

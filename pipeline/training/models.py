"""The models that can be trained: for each name, how Keras builds it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from pipeline.network.activations import ACTIVATIONS
from pipeline.network.layers import Layer
from pipeline.params import HIDDEN_UNITS
from pipeline.safety.errors import UserError
from pipeline.training.frameworks import keras

Builder = Callable[[int], keras.Sequential]


def sigmoid_network(features: int, hidden: Mapping[str, int]) -> keras.Sequential:
    """Build `hidden` layers of sigmoid units, names to numbers of units, before one unit without an activation."""
    layers = [keras.layers.Dense(units, activation="sigmoid", name=name) for name, units in hidden.items()]
    return keras.Sequential([keras.Input((features,)), *layers, keras.layers.Dense(1, name="output")])


MODELS: Final[dict[str, Builder]] = {
    "linear": partial(sigmoid_network, hidden={}),
    "one_hidden": partial(sigmoid_network, hidden={"hidden": HIDDEN_UNITS}),
    "two_hidden": partial(sigmoid_network, hidden={"hidden_1": HIDDEN_UNITS, "hidden_2": HIDDEN_UNITS}),
}


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

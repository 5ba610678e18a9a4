"""A network as a picture, and the numbers of its units for one row as a table."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from dashboard.components.network import network_picture
from dashboard.components.network_drawing import draw_network, left_out
from dashboard.lessons.networks import Passage
from dashboard.text.numbers import NONE, format_number
from dashboard.text.target import TargetFormat
from dashboard.views.parts.tables import show_numbers
from pipeline.arrays import Floats
from pipeline.network.layers import Layer, Weights
from pipeline.tables.names import counted

HOW_TO_READ: Final = (
    "A line is a weight: the wider and stronger it is, the larger is the weight, compared with the largest of its "
    "layer. Solid blue lines are positive weights, dashed red ones negative. A unit is filled as strongly as its "
    "activation is large; the features have the values that the model receives. The numbers at the "
    "top and at the bottom say how many of the units, and of each layer's weights, are drawn: the largest."
)
_HELPS: Final = {
    "pre-activation": "The sum of the unit's inputs, each times its weight, plus the unit's bias.",
    "activation": "What the unit passes on: the activation function of the pre-activation. Of a feature, its value.",
    "outgoing weight": "The weight with which the next layer takes the activation. Where it has several units, the "
    "largest of these weights by size.",
}


def passage_of(layers: Sequence[Layer], weights: Weights | Floats, row: Floats) -> Passage:
    """Send a row (features,) through a network whose numbers may be too large for some of the sums."""
    with np.errstate(over="ignore", invalid="ignore"):
        return Passage.of(layers, weights, row)


def show_picture(passage: Passage | None, names: Sequence[str], words: TargetFormat, row: int, key: str) -> None:
    """Draw the network for one row of the table, or an empty picture of the same size."""
    if passage is None:
        label, prediction = "The network: no weights yet.", ""
    else:
        prediction = words.amount(passage.prediction)
        label = described(passage, names, f"{words.noun} {row}", prediction)
    network_picture(draw_network(passage, names, prediction, label, words.titles(names)), key)


def described(passage: Passage, names: Sequence[str], row: str, prediction: str) -> str:
    """The alternative text of the picture: its layers, the prediction, and the largest weight that leads to it."""
    units = ", then ".join(
        f"{layer.units} {layer.activation} units of {layer.name.replace('_', ' ')}" for layer in passage.layers[:-1]
    )
    last = passage.kernels[-1][:, 0]
    largest = int(np.abs(last).argmax())
    return (
        f"The network for {row}: {counted(len(names), 'feature')}, then {units}, then the "
        f"prediction, {prediction}. Of the weights that lead to it, that of unit {largest + 1} is the largest: "
        f"{format_number(float(last[largest]), 4)}. {left_out(passage.layers)}"
    )


def show_table(passage: Passage | None, names: Sequence[str], height: int) -> None:
    """Show the numbers of every feature and unit, or none yet, in a table of a fixed height in pixels."""
    table = passage.table(names) if passage else pd.DataFrame(columns=["layer", "unit", *_HELPS])
    alt = "Every unit of the network with its numbers."
    show_numbers(table, list(_HELPS), 4, _HELPS, height=height, placeholder=NONE, alt=alt)

"""The three graphs as widgets: what goes in, what is tuned, and how the address of the page remembers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.lessons import graphs
from dashboard.lessons.backprop import gradients
from dashboard.lessons.graphs import Build
from dashboard.lessons.stepper import batches
from dashboard.record.snapshot import Record
from dashboard.text.sentences import capitalized
from dashboard.text.wording import Words, plain, verbatim
from dashboard.views.parts.query_params import bound
from pipeline.tables.prepared import Rows

Floats = NDArray[np.float64]

MAX_DISTANCE: Final = 1e12
MAX_UPDATES: Final = 1_000


@dataclass(frozen=True)
class Graph:
    """A graph with numbers in it. `keys` are the widgets that hold what is tuned, by the names of `values`.

    Where none does, the widget `counter` counts the updates since the start, and they are taken anew.
    """

    name: str
    build: Build
    values: dict[str, Floats]
    rate: float
    keys: dict[str, str]
    counter: str | None = None

    @property
    def names(self) -> list[str]:
        """The names of what is tuned."""
        return list(gradients(self.build(**self.values)))


def one_weight(record: Record, words: Words) -> Graph:
    """The worked example: v * x against y."""
    del record, words
    columns = st.columns(4)
    with columns[0]:
        v = _number("v, which is tuned", "bp-v", 0.0)
    with columns[1]:
        x = _number("x", "bp-x", 2.0)
    with columns[2]:
        y = _number("y, what v × x should be", "bp-y", 5.0)
    with columns[3]:
        rate = _rate("bp-rate", 0.01)
    values = {"v": np.array(v), "x": np.array(x), "y": np.array(y)}
    return Graph("one weight", graphs.one_weight, values, rate, {"v": "bp-v"})


def line(record: Record, words: Words) -> Graph:
    """A line on the first rows that the recorded run drew."""
    train, names = record.data.part("train"), record.data.names
    columns = st.columns([2, 1, 1, 1, 1])
    with columns[0]:
        feature = st.selectbox(
            "x, normalized",
            names,
            index=_most_telling(train),
            format_func=verbatim,
            key="bp-feature",
            bind=bound("bp-feature"),
        )
    with columns[1]:
        count = st.number_input(
            "Rows", 1, len(train.target), min(2, len(train.target)), key="bp-rows", bind=bound("bp-rows")
        )
    with columns[2]:
        kernel = _number("kernel", "bp-kernel", 0.0)
    with columns[3]:
        bias = _number("bias", "bp-bias", 0.0)
    with columns[4]:
        rate = _rate("bp-line-rate", 0.1)
    rows = next(batches(len(train.target), int(count), record.training["settings"]["seed"]))
    st.caption(
        f"x is {verbatim(words.column(feature).meaning or feature)}, normalized; "
        f"y is {verbatim(words.axis(words.target))}. The rows are the first that the recorded run drew: "
        f"{', '.join(str(record.data.split.train[row]) for row in rows[:8])}{' ...' if len(rows) > 8 else ''}."
    )
    values = {
        "kernel": np.array(kernel),
        "bias": np.array(bias),
        "x": train.features[rows, names.index(feature)],
        "y": train.target[rows],
    }
    return Graph("line on a batch", graphs.line, values, rate, {"kernel": "bp-kernel", "bias": "bp-bias"})


def hidden_layer(record: Record, words: Words) -> Graph:
    """One row of the table through a hidden layer, at random weights or at those that were trained."""
    data, layers = record.data, record.run.layers
    trained = len(layers) == 2 and layers[0].activation == "sigmoid"
    columns = st.columns(4)
    with columns[0]:
        row = st.number_input(
            f"{capitalized(words.noun)}, 0 to {len(data.target) - 1}",
            0,
            len(data.target) - 1,
            int(data.split.train[0]),
            key="bp-row",
            bind=bound("bp-row"),
        )
    with columns[1]:
        seed = st.number_input("Seed of the weights", 0, 2**32 - 1, 0, key="bp-seed", bind=bound("bp-seed"))
        recorded = trained and st.toggle("The recorded weights instead", key="bp-trained", bind=bound("bp-trained"))
    with columns[2]:
        updates = st.number_input("Updates so far", 0, MAX_UPDATES, 0, key="bp-updates", bind=bound("bp-updates"))
    with columns[3]:
        rate = _rate("bp-hidden-rate", 0.01)
    start = graphs.hidden_layer_start(len(data.names), int(seed))
    if recorded:
        flat, cut = record.run.result.astype(np.float64), layers[0].size
        kernels = [*layers[0].unpack(flat[:cut]), *layers[1].unpack(flat[cut:])]
        start = dict(zip(start, kernels, strict=True))
    values = start | {"x": data.features[[int(row)]], "y": data.target[[int(row)]][:, np.newaxis]}
    values = descended(graphs.hidden_layer, values, rate, int(updates))[-1]
    st.caption(
        f"x holds the normalized features of {words.noun} {row}, {len(data.names)} in all; "
        f"y is its {verbatim(words.axis(words.target))}: {plain(data.target[int(row)], 4)}. "
        f"The hidden layer has {len(values['hidden_bias'])} sigmoid units."
    )
    return Graph("hidden layer", graphs.hidden_layer, values, rate, {}, "bp-updates")


GRAPHS: Final[dict[str, Callable[[Record, Words], Graph]]] = {
    "one weight": one_weight,
    "line on a batch": line,
    "hidden layer": hidden_layer,
}


def descended(build: Build, values: dict[str, Floats], rate: float, times: int) -> list[dict[str, Floats]]:
    """Update so many times; give the `values` and what each update leaves. An update beyond all bounds is not taken."""
    taken = [values]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(times):
            moved = graphs.updated(build, taken[-1], rate)
            if not all(np.all(np.abs(value) <= MAX_DISTANCE) for value in moved.values()):
                break
            taken.append(moved)
    return taken


def _most_telling(train: Rows) -> int:
    """The feature that goes most closely with the target; one that is constant goes with nothing."""
    centred, target = train.features - train.features.mean(axis=0), train.target - train.target.mean()
    lengths = np.sqrt((centred**2).sum(axis=0))
    return int(np.argmax(np.abs(target @ centred) / np.where(lengths > 0, lengths, np.inf)))


def _number(label: str, key: str, value: float) -> float:
    given = st.number_input(label, -MAX_DISTANCE, MAX_DISTANCE, value, 0.1, format="%.6g", key=key, bind=bound(key))
    return float(given if given is not None else value)


def _rate(key: str, value: float) -> float:
    given = st.number_input("Learning rate", 1e-6, 10.0, value, 0.01, format="%g", key=key, bind=bound(key))
    return float(given if given is not None else value)

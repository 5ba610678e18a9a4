"""The inputs of the three graphs; every widget is in the address of the page."""

from collections.abc import Callable
from typing import Final

import numpy as np
import streamlit as st

from dashboard.lessons import graphs
from dashboard.lessons.stepper import batches
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.sentences import capitalized
from dashboard.text.target import TargetFormat
from dashboard.views.backpropagation.tuned_graph import MAX_UPDATES, Graph, descended, number_input, rate_input
from dashboard.views.parts.query_params import in_address
from pipeline.tables.prepared import Rows


def one_weight(record: Record, words: TargetFormat) -> Graph:
    """The worked example: v * x against y."""
    del record, words
    columns = st.columns(4)
    with columns[0]:
        v = number_input("v, the weight", "backpropagation-v", 0.0)
    with columns[1]:
        x = number_input("x", "backpropagation-x", 2.0)
    with columns[2]:
        y = number_input("y, the target", "backpropagation-y", 5.0)
    with columns[3]:
        rate = rate_input("backpropagation-rate", 0.01)
    values = {"v": np.array(v), "x": np.array(x), "y": np.array(y)}
    return Graph("one weight", graphs.one_weight, values, rate, {"v": "backpropagation-v"})


def line(record: Record, words: TargetFormat) -> Graph:
    """A line on the rows that the recorded run drew first."""
    train, names = record.data.part("train"), record.data.names
    columns = st.columns([2, 1, 1, 1, 1])
    with columns[0]:
        feature = st.selectbox(
            "x, normalized",
            names,
            index=_most_correlated(train),
            format_func=escape_markdown,
            **in_address("backpropagation-feature"),
        )
    with columns[1]:
        count = st.number_input(
            "Rows",
            1,
            len(train.target),
            min(2, len(train.target)),
            **in_address("backpropagation-rows"),
        )
    with columns[2]:
        kernel = number_input("kernel", "backpropagation-kernel", 0.0)
    with columns[3]:
        bias = number_input("bias", "backpropagation-bias", 0.0)
    with columns[4]:
        rate = rate_input("backpropagation-line-rate", 0.1)
    rows = next(batches(len(train.target), int(count), record.training.settings.seed))
    st.caption(
        f"x is {escape_markdown(words.column(feature).meaning or feature)}, normalized; "
        f"y is {escape_markdown(words.axis(words.target))}. The rows are the first ones that the recorded run drew: "
        f"{', '.join(str(record.data.split.train[row]) for row in rows[:8])}{' ...' if len(rows) > 8 else ''}."
    )
    values = {
        "kernel": np.array(kernel),
        "bias": np.array(bias),
        "x": train.features[rows, names.index(feature)],
        "y": train.target[rows],
    }
    return Graph(
        "line on a batch",
        graphs.line,
        values,
        rate,
        {"kernel": "backpropagation-kernel", "bias": "backpropagation-bias"},
    )


def hidden_layer(record: Record, words: TargetFormat) -> Graph:
    """One row of the table through a hidden layer, with random weights or with the trained ones."""
    data, layers = record.data, record.run.layers
    trained = len(layers) == 2 and layers[0].activation == "sigmoid"
    columns = st.columns(4)
    with columns[0]:
        row = st.number_input(
            f"{capitalized(words.noun)}, 0 to {len(data.target) - 1}",
            0,
            len(data.target) - 1,
            int(data.split.train[0]),
            **in_address("backpropagation-row"),
        )
    with columns[1]:
        seed = st.number_input("Seed of the weights", 0, 2**32 - 1, 0, **in_address("backpropagation-seed"))
        recorded = trained and st.toggle("Use the recorded weights", **in_address("backpropagation-trained"))
    with columns[2]:
        updates = st.number_input("Updates so far", 0, MAX_UPDATES, 0, **in_address("backpropagation-updates"))
    with columns[3]:
        rate = rate_input("backpropagation-hidden-rate", 0.01)
    start = graphs.hidden_layer_start(len(data.names), int(seed))
    if recorded:
        flat, cut = record.run.result.astype(np.float64), layers[0].size
        kernels = [*layers[0].unpack(flat[:cut]), *layers[1].unpack(flat[cut:])]
        start = dict(zip(start, kernels, strict=True))
    values = start | {"x": data.features[[int(row)]], "y": data.target[[int(row)]][:, np.newaxis]}
    values = descended(graphs.hidden_layer, values, rate, int(updates))[-1]
    st.caption(
        f"x holds the {len(data.names)} normalized features of {words.noun} {row}; "
        f"y is its {escape_markdown(words.axis(words.target))}: {format_number(data.target[int(row)], 4)}. "
        f"The hidden layer has {len(values['hidden_bias'])} sigmoid units."
    )
    return Graph("hidden layer", graphs.hidden_layer, values, rate, {}, "backpropagation-updates")


GRAPHS: Final[dict[str, Callable[[Record, TargetFormat], Graph]]] = {
    "one weight": one_weight,
    "line on a batch": line,
    "hidden layer": hidden_layer,
}


def _most_correlated(train: Rows) -> int:
    """The feature with the largest correlation with the target; a constant one counts as 0."""
    centred, target = train.features - train.features.mean(axis=0), train.target - train.target.mean()
    lengths = np.sqrt((centred**2).sum(axis=0))
    return int(np.argmax(np.abs(target @ centred) / np.where(lengths > 0, lengths, np.inf)))

"""The inputs of the three graphs; every widget is in the address of the page."""

from collections.abc import Callable
from itertools import chain, islice
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons import graphs
from dashboard.lessons.stepper import steps
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.backpropagation.tuned_graph import (
    COUNTER,
    MAX_UPDATES,
    Graph,
    descended,
    key,
    number_input,
    rate_input,
)
from dashboard.views.parts.columns import choose_column
from dashboard.views.parts.query_params import in_address, whole_number
from pipeline.network.layers import unpacked
from pipeline.params import MAX_SEED
from pipeline.tables.names import counted


def one_weight(_record: Record) -> Graph:
    """The worked example: v * x against y."""
    columns = st.columns(4)
    values = {
        "v": np.array(number_input(columns[0], "v, the weight", "v", 0.0)),
        "x": np.array(number_input(columns[1], "x", "x", 2.0)),
        "y": np.array(number_input(columns[2], "y, the target", "y", 5.0)),
    }
    return Graph("one weight", graphs.one_weight, values, rate_input(columns[3], "rate", 0.01), ("v",))


def line(record: Record) -> Graph:
    """A line on the rows that the recorded run drew first."""
    train, names, words = record.data.part("train"), record.data.names, record.format
    columns = st.columns([2, 1, 1, 1, 1])
    whole = record.data.whole("mse")  # with the correlations of all training rows
    correlations = pd.DataFrame(whole.features).corrwith(pd.Series(whole.target)).abs()  # none where one is constant
    normalized = "" if record.data.scaling.is_none else ", normalized"
    usual = names[int(correlations.fillna(0).argmax())]
    label = f"x{normalized}"
    about = explained_in(label)
    feature = choose_column(label, names, usual, key("feature"), words.readable, columns[0], help=about)
    most = len(train.target)
    count = whole_number(columns[1], "Rows", (1, most, min(3, most)), key("rows"))
    one_by_one = record.training.settings.model_copy(update={"batch_size": 1})
    drawn = steps(most, one_by_one, record.training.start)
    rows = np.concatenate([row for row, _ in islice(drawn, count)])
    values = {
        "kernel": np.array(number_input(columns[2], "kernel", "kernel", 0.0)),
        "bias": np.array(number_input(columns[3], "bias", "bias", 0.0)),
        "x": train.features[rows, names.index(feature)],
        "y": train.target[rows],
    }
    rate = rate_input(columns[4], "line-rate", 0.1)
    text = (
        f"x is {escape_markdown(words.column(feature).meaning or feature)}{normalized}; "
        f"y is {escape_markdown(words.axis(words.target))}. The rows are the first ones that the recorded run drew: "
        f"{', '.join(str(record.data.split.train[row]) for row in rows[:8])}{' ...' if len(rows) > 8 else ''}."
    )
    st.caption(text, help=explained_in(text))
    return Graph("line on a batch", graphs.line, values, rate, ("kernel", "bias"))


def hidden_layer(record: Record) -> Graph:
    """One row of the table through a hidden layer, with random weights or with the trained ones."""
    data, layers, words = record.data, record.run.layers, record.format
    columns, last = st.columns(4), len(data.target) - 1
    bounds = (0, last, int(data.split.train[0]))
    row = whole_number(columns[0], f"{capitalized(words.noun)}, 0 to {last}", bounds, key("row"))
    seed = whole_number(columns[1], "Seed of the weights", (0, MAX_SEED, 0), key("seed"))
    start = graphs.hidden_layer_start(len(data.names), seed)
    can_be_trained = graphs.is_hidden_layer(layers)
    if can_be_trained and columns[1].toggle("Use the recorded weights", **in_address(key("trained"))):
        start = graphs.by_name(chain.from_iterable(unpacked(layers, record.run.result.astype(np.float64))))
    updates = whole_number(columns[2], "Updates so far", (0, MAX_UPDATES, 0), COUNTER)
    rate = rate_input(columns[3], "hidden-rate", 0.01)
    values = start | {"x": data.features([row]), "y": data.target[[row]][:, np.newaxis]}
    values = descended(graphs.hidden_layer, values, rate, updates)[-1]
    kind = "feature" if data.scaling.is_none else "normalized feature"
    features = kind if len(data.names) == 1 else counted(len(data.names), kind)
    text = (
        f"x holds the {features} of {words.noun} {row}; "
        f"y is its {escape_markdown(words.axis(words.target))}: {format_number(data.target[row], 4)}. "
        f"The hidden layer has {len(values['hidden_bias'])} sigmoid units."
    )
    st.caption(text, help=explained_in(text))
    return Graph("hidden layer", graphs.hidden_layer, values, rate, row=row)


GRAPHS: Final[dict[str, Callable[[Record], Graph]]] = {
    "one weight": one_weight,
    "line on a batch": line,
    "hidden layer": hidden_layer,
}

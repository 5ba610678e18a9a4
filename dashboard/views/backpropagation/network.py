"""The network of the graph with a hidden layer, unit by unit: its weights as lines, its activations for one row."""

from typing import Final

import streamlit as st

from dashboard.components.network_drawing import left_out
from dashboard.lessons.graphs import is_hidden_layer, network_of
from dashboard.lessons.networks import Passage
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.views.backpropagation.tuned_graph import Graph, key
from dashboard.views.parts.network import HOW_TO_READ, passage_of, show_picture, show_table
from dashboard.views.parts.query_params import one_of

_TALL: Final = 460
_GRAPH, _RECORDED = "of the graph", "of the recorded run"


def network(graph: Graph, record: Record) -> None:
    """Draw the network for the row of the graph. A recorded model that the graph does not show can be chosen."""
    if graph.row is None:
        return
    st.subheader("The network, unit by unit", anchor=False)
    chosen = _GRAPH
    if not record.run.is_linear and not is_hidden_layer(record.run.layers):
        chosen = one_of("Weights", [_GRAPH, _RECORDED], key("network"))
    words, names = record.format, record.data.names
    passage = of_graph(graph) if chosen == _GRAPH else of_record(record, graph.row)
    actual = words.amount(float(graph.values["y"].item()))
    st.markdown(
        f"For {words.noun} {graph.row} this network predicts {escape_markdown(words.amount(passage.prediction))}; "
        f"the {escape_markdown(words.readable(words.target))} in the table is {escape_markdown(actual)}. "
        "Where the graph above has a range of numbers, this picture has every unit: each takes the activations on its "
        "left times the weights of their lines, adds its bias, and passes its own activation on to the right."
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_picture(passage, names, words, graph.row, "network")
        st.caption(f"{HOW_TO_READ} {left_out(passage.layers)}")
    with right:
        show_table(passage, [words.readable(name) for name in names], _TALL)


def of_graph(graph: Graph) -> Passage:
    """The row and the weights of the graph `hidden layer`."""
    return passage_of(*network_of(graph.values), graph.values["x"][0])


def of_record(record: Record, row: int) -> Passage:
    """A row of the table and the weights that the recorded run ended with."""
    return passage_of(record.run.layers, record.run.result, record.data.features([row])[0])

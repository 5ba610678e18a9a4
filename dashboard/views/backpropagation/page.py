"""Backpropagation, from the loss back to every weight, one edge at a time."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.components.graph import graph_player
from dashboard.lessons.backprop import check, gradients, loss_when_moved
from dashboard.lessons.story import narrate, node_table
from dashboard.text.glossary import TERMS, explained_in
from dashboard.text.numbers import format_number
from dashboard.views.backpropagation.inputs import GRAPHS
from dashboard.views.backpropagation.network import network
from dashboard.views.backpropagation.questions import questions
from dashboard.views.backpropagation.tuned_graph import Graph, key
from dashboard.views.backpropagation.updates import updates
from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.query_params import count, keep_in_address
from dashboard.views.parts.shared import recorded, title_with_choice
from dashboard.views.parts.tables import show_numbers
from pipeline.arrays import significant

_MANY: Final = (
    "Where many numbers flow along an arrow, the smallest and the largest are shown: −7.27 … 5.32 means that all of "
    "them lie between −7.27 and 5.32."
)
_ABOUT: Final = {
    "one weight": "The smallest graph: loss = (v × x − y)². In which direction should v move to reduce the loss?",
    "line on a batch": "A line on several rows at once: loss = mean of (kernel × x + bias − y)². " + _MANY,
    "hidden layer": "A hidden layer between x and the prediction. The graph is longer, but each operation works as "
    "before: loss = (sigmoid(x · hidden kernel + hidden bias) · output kernel + output bias − y)². " + _MANY,
}
_MEASURED_AT: Final = 0.01
_MOMENT: Final = key("moment")


def show() -> None:
    """Show the page."""
    record = recorded()
    to_the_start = partial(keep_in_address, _MOMENT, None)
    how = {"format_func": str.capitalize, "on_change": to_the_start}
    name = title_with_choice("Backpropagation, edge by edge", "Graph", list(GRAPHS), key("graph"), **how)
    st.markdown(
        "The **forward pass** computes the loss by small operations, one after the other. In the **backward pass** "
        "each operation takes the derivative arriving from the loss side (the **upstream derivative**), multiplies it "
        "by its own (the **local derivative**), and passes the product on: this is the **chain rule**. What arrives at "
        f"a weight is its **gradient**: {TERMS['gradient'].meaning}"
    )
    st.markdown(_ABOUT[name], help=explained_in(_ABOUT[name]))
    with st.container(key="inputs"):
        graph = GRAPHS[name](record)
    _player(graph)
    updates(graph)
    network(graph, record)
    checked = check(graph.build, graph.values)
    _proof(graph, checked)
    check_yourself("backpropagation", list(questions(graph, checked)))


def _player(graph: Graph) -> None:
    frames = narrate(graph.build(**graph.values))
    visited = max(frame.edge or 0 for frame in frames)
    label = (
        f"The graph: {graph.name}. Its edges are numbered 1 to {visited}, as the backward pass visits them. "
        "The table below it has the same numbers."
    )
    moment = graph_player(frames, label, count(_MOMENT), key=f"graph of {graph.name}")
    if str(moment) != st.query_params.get(_MOMENT):
        st.query_params[_MOMENT] = str(moment)
    with st.expander("The same numbers in a table"):
        table = node_table(frames, moment)
        st.dataframe(
            table, hide_index=True, height="content", alt="Every node of the graph: its edge, value, gradient."
        )


def _proof(graph: Graph, checked: pd.DataFrame) -> None:
    st.subheader("Check it without calculus", anchor=False)
    first, largest = checked.iloc[0], float(checked["gradient"].abs().max())
    before = graph.build(**graph.values).value.item()
    name, slopes = next(iter(gradients(graph.build(**graph.values)).items()))
    start = (0,) * slopes.ndim
    near, whole = (loss_when_moved(graph.build, graph.values, name, start, move) - before for move in (_MEASURED_AT, 1))
    st.markdown(
        f"Increasing {first['number']} by {_MEASURED_AT:g} changes the loss by {format_number(near, 4)}. That is "
        f"{format_number(near / _MEASURED_AT, 4)} per unit; the gradient is "
        f"{format_number(first['gradient'], 4)}. {_whole_unit(whole, first['gradient'])} With changes of 0.00001 "
        "up and down, measurement and gradient agree"
        + (": they differ by " if len(checked) == 1 else f" for {_all(len(checked))} weights: they differ by at most ")
        + _small((checked["gradient"] - checked["measured"]).abs().max())
        + ("." if len(checked) == 1 else f", and the largest gradient is {format_number(largest, 4)} in size.")
    )
    with st.expander("Exact numbers: gradients and measurements"):
        show_numbers(checked, checked.columns[1:], None, alt="Gradients compared with finite differences.")


def _whole_unit(change: float, gradient: float) -> str:
    """Compare the change of the loss for an increase by 1 with the gradient."""
    if format_number(change, 4) == format_number(gradient, 4):
        return f"Increasing it by 1 would also change the loss by {format_number(change, 4)}: the slope stays the same."
    return (
        f"Increasing it by 1 would change the loss by {format_number(change, 4)}, because the slope itself "
        "changes over such a distance. The smaller the change, the closer the two numbers are."
    )


def _all(count: int) -> str:
    return "both" if count == 2 else f"all {count}"


def _small(difference: float) -> str:
    """A difference with one significant digit, and all its zeros."""
    return np.format_float_positional(significant(difference, 1), trim="-")

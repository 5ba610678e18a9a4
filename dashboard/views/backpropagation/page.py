"""Backpropagation: from the loss back to every weight, one edge at a time."""

from typing import Final

import numpy as np
import streamlit as st

from dashboard.components.graph import graph_player
from dashboard.lessons.checking import check, largest_difference
from dashboard.lessons.story import narrate, node_table, short
from dashboard.views.backpropagation.inputs import GRAPHS
from dashboard.views.backpropagation.tuned_graph import Graph
from dashboard.views.backpropagation.updates import updates
from dashboard.views.parts.query_params import bound, count
from dashboard.views.parts.shared import recorded

_MANY: Final = (
    "Where many numbers go along an arrow, the smallest and the largest of them are shown: −7.27 … 5.32 says that all "
    "lie from −7.27 to 5.32."
)
_ABOUT: Final = {
    "one weight": "The smallest graph there is: loss = (v × x − y)². Which way should v go to make the loss smaller?",
    "line on a batch": "The same with a line and several rows at once: loss = mean of (kernel × x + bias − y)². "
    + _MANY,
    "hidden layer": "The same again with a hidden layer between x and the prediction. The way is longer; what happens "
    "at each operation stays the same. " + _MANY,
}
_MEASURED_AT: Final = 0.01


def show() -> None:
    """Show the page."""
    record, words = recorded()
    st.title("Backpropagation, edge by edge", anchor=False)
    st.markdown(
        "A loss is made by small operations, one after the other: the **forward pass**. On the way back, the "
        "**backward pass**, each operation multiplies what came from behind, the **upstream derivative**, by its own "
        "slope, the **local derivative**, and hands the product on. What arrives at a weight is its **gradient**: by "
        "how much the loss changes if that weight goes up by one."
    )
    names = list(GRAPHS)
    name = st.segmented_control(
        "Graph",
        names,
        default=names[0],
        required=True,
        format_func=str.capitalize,
        key="graph",
        bind=bound("graph"),
        on_change=_to_the_start,
    )
    st.markdown(_ABOUT[name])
    graph = GRAPHS[name](record, words)
    _player(graph)
    updates(graph)
    _proof(graph)


def _to_the_start() -> None:
    st.query_params.pop("moment", None)


def _player(graph: Graph) -> None:
    at = st.query_params.get("moment", "")
    label = f"The graph: {graph.name}. The table below it has the same numbers."
    frames = narrate(graph.build(**graph.values))
    moment = graph_player(frames, label, count("moment"), key=f"graph of {graph.name}")
    if str(moment) != at:
        st.query_params["moment"] = str(moment)
    with st.expander("The same numbers in a table"):
        table = node_table(frames, moment)
        st.dataframe(table, hide_index=True, height="content", alt="Value and gradient of every node of the graph.")


def _proof(graph: Graph) -> None:
    st.subheader("Is that true?", anchor=False)
    checked = check(graph.build, graph.values)
    first, largest = checked.iloc[0], float(checked["gradient"].abs().max())
    name = next(iter(graph.names))
    before = graph.build(**graph.values).value.item()
    near, whole = (_moved(graph, name, move) - before for move in (_MEASURED_AT, 1))
    st.markdown(
        f"Try it without calculus: {first['number']} up by {_MEASURED_AT:g} changes the loss from {short(before, 6)} "
        f"to {short(before + near, 6)}. That is {short(near / _MEASURED_AT)} per one; the gradient says "
        f"{short(first['gradient'])}. {_far(whole, first['gradient'])} With moves of a hundred-thousandth, measurement "
        f"and gradient agree"
        + (
            ": they differ by "
            if len(checked) == 1
            else f" for all {len(checked)} numbers that can be tuned: they differ by at most "
        )
        + f"{_small(largest_difference(checked))}, where the largest gradient is {short(largest)}."
    )
    with st.expander("Exact numbers, gradient beside measurement"):
        exact = {column: st.column_config.NumberColumn(format="%.17g") for column in ("value", "gradient", "measured")}
        st.dataframe(checked, hide_index=True, column_config=exact, alt="Gradients beside finite differences.")


def _moved(graph: Graph, name: str, move: float) -> float:
    """The loss with the first number of `name` moved."""
    moved = graph.values[name].copy()
    moved.flat[0] += move
    return graph.build(**{**graph.values, name: moved}).value.item()


def _far(change: float, gradient: float) -> str:
    """Say what a whole one up would change, and whether that is what the gradient says."""
    if short(change) == short(gradient):
        return f"A whole one up would change the loss by {short(change)} too: this way the slope stays the same."
    return (
        f"A whole one up would change the loss by {short(change)}: on so long a way the slope itself changes. "
        "The smaller the move, the closer the two."
    )


def _small(apart: float) -> str:
    """A difference with all its zeros, in one digit."""
    return np.format_float_positional(float(f"{apart:.0e}"), trim="-")

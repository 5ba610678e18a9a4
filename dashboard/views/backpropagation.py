"""Backpropagation: from the loss back to every weight, one edge at a time."""

import math
from typing import Final

import streamlit as st

from dashboard.components.graph import graph_player
from dashboard.lessons.checking import check, largest_difference
from dashboard.lessons.story import ledger, short, tell
from dashboard.views.addresses import bound, count
from dashboard.views.graphs.inputs import GRAPHS, Graph
from dashboard.views.graphs.updates import updates
from dashboard.views.shared import recorded

_ABOUT: Final = {
    "one weight": "The smallest graph there is: loss = (v × x − y)². Which way should v go to make the loss smaller?",
    "line on a batch": "The same with a line and several rows at once: loss = mean of (kernel × x + bias − y)².",
    "hidden layer": "The same again with a hidden layer between x and the prediction. Longer, but nothing is new.",
}
_MEASURED_AT: Final = 0.01


def show() -> None:
    """Show the page."""
    record, words = recorded()
    st.title("Backpropagation, edge by edge", anchor=False)
    st.markdown(
        "A loss is made by small operations, one after the other. On the way back each operation multiplies what came "
        "from behind, the **upstream derivative**, by its own slope, the **local derivative**, and hands the product "
        "on. What arrives at a weight is its **gradient**: by how much the loss changes if that weight goes up by one."
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
    moments = tell(graph.build(**graph.values))
    moment = graph_player(moments, label, count("moment"), key=f"graph of {graph.name}")
    if str(moment) != at:
        st.query_params["moment"] = str(moment)
    with st.expander("The same numbers in a table"):
        table = ledger(graph.build(**graph.values))
        st.dataframe(table, hide_index=True, height="content", alt="Value and gradient of every node of the graph.")


def _proof(graph: Graph) -> None:
    st.subheader("Is that true?", anchor=False)
    checked = check(graph.build, graph.values)
    first = checked.iloc[0]
    name = next(iter(graph.names))
    before = graph.build(**graph.values).value.item()
    near, whole = (_moved(graph, name, move) - before for move in (_MEASURED_AT, 1))
    st.markdown(
        f"Try it without calculus: {first['number']} up by {_MEASURED_AT:g} changes the loss from {short(before, 6)} "
        f"to {short(before + near, 6)}. That is {short(near / _MEASURED_AT)} per one; the gradient says "
        f"{short(first['gradient'])}. A whole one up would change the loss by {short(whole)}: on so long a way the "
        f"slope itself changes. The smaller the move, the closer the two: with moves of a hundred-thousandth, "
        f"measurement and gradient agree to {_digits(largest_difference(checked))} digits"
        + ("." if len(checked) == 1 else f" of the largest, for each of the {len(checked)} numbers that can be tuned.")
    )
    with st.expander("Exact numbers, gradient beside measurement"):
        exact = {column: st.column_config.NumberColumn(format="%.17g") for column in ("value", "gradient", "measured")}
        st.dataframe(checked, hide_index=True, column_config=exact, alt="Gradients beside finite differences.")


def _moved(graph: Graph, name: str, move: float) -> float:
    """The loss with the first number of `name` moved."""
    moved = graph.values[name].copy()
    moved.flat[0] += move
    return graph.build(**{**graph.values, name: moved}).value.item()


def _digits(apart: float) -> int:
    """To how many digits two numbers agree that lie so far apart, as a share of them."""
    return 15 if apart == 0 else max(0, math.floor(-math.log10(apart)))

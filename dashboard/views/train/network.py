"""The network while it trains: its newest weights as lines, and its units' activations for a row of the table."""

import streamlit as st

from dashboard.live.jobs import Progress
from dashboard.live.plans import Plan
from dashboard.text.markdown import capitalized
from dashboard.text.target import TargetFormat
from dashboard.views.parts.network import HOW_TO_READ, passage_of, show_picture, show_table

_TALL = 320


def live_network(progress: Progress, plan: Plan, words: TargetFormat) -> None:
    """Draw the newest weights of a model with hidden layers, or an empty picture of the same size; else nothing."""
    if plan.train.is_linear:
        return
    last, names = len(plan.data.target) - 1, plan.data.names
    row = st.number_input(
        f"{capitalized(words.noun)} in the network, 0 to {last}",
        0,
        last,
        int(plan.data.split.train[0]),
        width=260,
        help="The units of the network are filled by their activations for this row of the table.",
        key="network row",
    )
    passage = None
    if len(progress.weights):
        passage = passage_of(progress.layers, progress.weights[-1], plan.data.features([row])[0])
    show_picture(passage, names, words, row, "live network")
    st.caption(HOW_TO_READ)
    with st.expander("The same numbers in a table"):
        show_table(passage, [words.readable(name) for name in names], _TALL)

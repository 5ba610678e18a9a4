"""One step under the microscope: a batch of the real training, from the rows drawn to the loss after the update."""

import numpy as np
import streamlit as st

from dashboard.views.parts.shared import recorded
from dashboard.views.step.navigation import choose
from dashboard.views.step.rate import rate
from dashboard.views.step.rows import batch
from dashboard.views.step.sizes import sizes
from dashboard.views.step.update import gradient, update


def show() -> None:
    """Show the page."""
    record, words = recorded()
    st.title("One step under the microscope", anchor=False)
    st.markdown(
        "**Stochastic gradient descent** (SGD) is one move, repeated: draw some rows by chance, predict, see how wrong "
        "that is, find out which way each weight would make it worse, and go a little the other way. When every "
        "training row has been drawn once, an **epoch** is over. Here is every number of one such move."
    )
    with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges is looked at to its end
        shown = choose(record)
        batch(record, words, shown)
        gradient(shown)
        update(shown)
        rate(record, shown)
        sizes(shown)

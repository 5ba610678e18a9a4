"""One update of the recorded run, from the rows of its batch to the loss after the update."""

import numpy as np
import streamlit as st

from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.shared import recorded
from dashboard.views.step.navigation import choose
from dashboard.views.step.questions import questions
from dashboard.views.step.rate import rate
from dashboard.views.step.rows import batch
from dashboard.views.step.sizes import sizes
from dashboard.views.step.update import gradient, update


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("One step under the microscope", anchor=False)
    st.markdown(
        "**Stochastic gradient descent** (SGD) repeats one step: draw some rows at random, predict, measure the error, "
        "find in which direction a change of each weight would increase the loss, and move a little the other way. "
        "When every training row has been drawn once, an **epoch** is over. This page shows every number of one step."
    )
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is shown to its end
        shown = choose(record)
        batch(record, shown)
        gradient(shown)
        update(shown)
        rate(record, shown)
        sizes(shown)
        check_yourself("step", list(questions(shown)))

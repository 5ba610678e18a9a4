"""One update of the recorded run, from the rows of its batch to the loss after the update."""

import numpy as np
import streamlit as st

from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.shared import recorded
from dashboard.views.step.navigation import add_code, choose, parts
from dashboard.views.step.questions import questions
from dashboard.views.step.rate import rate
from dashboard.views.step.rows import draw, loss, predict
from dashboard.views.step.sizes import sizes
from dashboard.views.step.update import gradient, update


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("One SGD step under the microscope", anchor=False)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is shown to its end
        navigation, stage = st.container(), st.container()
        tabs = parts(stage)
        shown = choose(record, navigation)
        for part, show_part in zip(tabs, (draw, predict, loss, gradient, update), strict=True):
            with part:
                show_part(record, shown)
        add_code(tabs, shown)
        rate(record, shown)
        sizes(record, shown)
        check_yourself("step", list(questions(shown, record.format.readable)))

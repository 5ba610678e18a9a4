"""How much the gradient of a random batch varies around the gradient of all rows, for every batch size."""

from typing import Final

import numpy as np
import streamlit as st

from dashboard.charts import gradients
from dashboard.lessons import spread
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached
from dashboard.views.parts.columns import choose_column
from dashboard.views.step.navigation import ShownUpdate

_DRAWS: Final = 60


def sizes(record: Record, shown: ShownUpdate) -> None:
    """Show the gradient of one weight over many random batches of many sizes."""
    st.subheader("Why not one row, or all rows?", anchor=False)
    at_the_start = shown.course.surface.gradients(shown.course.weights[:1])[0]
    steepest = int(abs(at_the_start[:-1]).argmax())
    readable, usual = record.format.readable, shown.names[steepest]
    name = choose_column("Weight", shown.names, usual, "step-weight", readable, width=260)
    _spread(shown, name, readable(name))


@cached(ShownUpdate)
def _spread(shown: ShownUpdate, name: str, readable: str) -> None:
    rows, at = len(shown.course.train.target), shown.names.index(name)
    one = shown.course.row_gradients(shown.step.before, at)[:, np.newaxis]
    size = min(shown.course.settings.batch_size, rows)
    compared = spread.sizes(rows, size)
    deviations = [float(spread.deviation(one, count)[0]) for count in compared]
    draws = [spread.draw(one, count, _DRAWS, seed=count)[:, 0] for count in compared]
    title = f"gradient of {readable} (loss per unit)"
    st.vega_lite_chart(
        gradients.spread(compared, size, draws, deviations, float(one.mean()), title),
        alt=f"The gradient of {readable} over random batches: the larger the batch, the closer to the gradient of all "
        "rows.",
    )
    st.markdown(
        f"Every dot is the gradient of one random batch at these weights, {_DRAWS} for each size. The line is the "
        f"gradient of all {rows:,} rows, and the band is one exact standard deviation around it. With one row the "
        f"gradient varies by ±{format_number(deviations[0])}"
        + (f", with {size:,} by ±{format_number(deviations[compared.index(size)])}" if size > 1 else "")
        + ". As long as a batch is a small part of the rows, four "
        "times as many rows halve the noise but take four times the work. Powers of two are common "
        "because of the hardware; any size works."
    )

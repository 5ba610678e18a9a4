"""Two or more recorded runs over one another, and one setting against one metric."""

import pandas as pd
import streamlit as st

from dashboard.charts.hyperparameters import setting_against_metric
from dashboard.experiments.comparisons import diverged, same_rows, settings_and_metrics, varying
from dashboard.experiments.listing import Experiment
from dashboard.report.experiments import not_drawn, overlay
from dashboard.text.markdown import escape_markdown
from dashboard.views.experiments.runs import record_of
from pipeline.params import value_name
from pipeline.record.metrics import COMPARED


def comparison(selected: list[Experiment]) -> None:
    """Lay the curves of the selected runs over one another, and their settings and metrics side by side."""
    if len(selected) < 2:
        st.caption("Select two or more runs in the table to compare their curves.")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        rows = st.segmented_control("Rows", ["validation", "training"], default="validation", required=True, key="over")
        if figure := overlay(selected, rows, record_of):
            st.vega_lite_chart(figure.chart, alt=figure.alt)
        if others := not_drawn(selected):
            st.caption(escape_markdown(others))
    with right:
        st.dataframe(
            settings_and_metrics(selected, [run.title for run in selected]),
            hide_index=True,
            height="content",
            alt="Settings that differ, and metrics.",
        )


def setting_and_metric(runs: list[Experiment], base: Experiment) -> None:
    """Draw one setting against one metric, a point for each recorded run that has the rows of `base` for it."""
    settings = varying(runs)
    if not settings:
        st.caption("All recorded runs have the same settings. Record one with another setting to compare.")
        return
    with st.container(horizontal=True):
        setting = st.selectbox("Setting", settings, width=240)
        chooses = list(COMPARED).index("validation MSE")  # the test error is looked at last
        metric = st.selectbox("Metric", list(COMPARED), chooses, width=240)
        logarithmic = st.toggle("Logarithmic setting", value=setting.endswith("rate"))
    key = COMPARED[metric][0]
    alike = same_rows(runs, base, "test" if key.startswith("test.") else "every")
    drawn = [run for run, same in zip(runs, alike, strict=True) if same]
    rows = [(run.title, run.params.get(setting), run.metrics.get(key), diverged(run)) for run in drawn]
    table = pd.DataFrame(rows, columns=["run", "setting", "metric", "diverged"]).dropna()
    name = setting.rpartition(".")[2]
    table["setting"] = [
        ", ".join(value) if isinstance(value, list | tuple) else value_name(name, value) for value in table["setting"]
    ]
    st.vega_lite_chart(
        setting_against_metric(table, setting, metric, COMPARED[metric][1], logarithmic),
        alt=f"{metric} for each value of the setting {setting}, one point per run.",
    )

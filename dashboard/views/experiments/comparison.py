"""Two or more recorded runs over one another, and one setting against one metric."""

import pandas as pd
import streamlit as st

from dashboard.charts import curves
from dashboard.charts.data import with_data
from dashboard.charts.hyperparameters import setting_against_metric
from dashboard.experiments.comparisons import settings_and_metrics, varying
from dashboard.experiments.listing import Experiment
from dashboard.views.experiments.runs import readable
from pipeline.record.metrics import COMPARED


def comparison(selected: list[Experiment], names: list[str]) -> None:
    """Lay the curves of the selected runs over one another, and their settings and metrics side by side."""
    if len(selected) < 2:
        st.caption("Select two or more runs in the table to lay them over one another.")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        rows = st.segmented_control("Rows", ["validation", "training"], default="validation", required=True, key="over")
        named = dict(zip((run.reference or run.kind for run in selected), names, strict=True))
        found = readable(selected)
        if not found:
            return
        tables = [curves.long_form(record.run.history, named[run.reference or run.kind]) for run, record in found]
        table = pd.concat(tables)
        table = table.loc[table["rows"] == rows]
        order = tuple(dict.fromkeys(table["run"]))
        spec = curves.overlaid_losses(f"{rows} loss", order, curves.ceiling(table))
        st.vega_lite_chart(with_data(spec, table), alt=f"The {rows} loss of {', '.join(order)} over one another.")
    with right:
        st.dataframe(
            settings_and_metrics(selected, names),
            hide_index=True,
            height="content",
            alt="Settings that differ, and metrics.",
        )


def setting_and_metric(runs: list[Experiment]) -> None:
    """Draw one setting against one metric, a point for each recorded run."""
    settings = varying(runs)
    if not settings:
        st.caption("All recorded runs have the same settings. Record one with another setting to compare.")
        return
    with st.container(horizontal=True):
        setting = st.selectbox("Setting", settings, width=240)
        metric = st.selectbox("Metric", list(COMPARED), width=240)
        logarithmic = st.toggle("Logarithmic setting", value=setting.endswith("rate"))
    key = COMPARED[metric][0]
    rows = [(run.name, run.params.get(setting), run.metrics.get(key)) for run in runs]
    table = pd.DataFrame(rows, columns=["run", "setting", "metric"]).dropna()
    table["setting"] = [", ".join(value) if isinstance(value, list | tuple) else value for value in table["setting"]]
    st.vega_lite_chart(
        setting_against_metric(table, setting, metric, logarithmic),
        alt=f"{metric} against {setting}, one point per run.",
    )

"""The best run of a sweep, chosen by its validation error: what it is, and how it becomes an experiment."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.experiments.listing import list_experiments, names_of, record
from dashboard.experiments.naming import suggest_name
from dashboard.experiments.repository import obstacle
from dashboard.record.tables import in_words, settings_of
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.target import TargetFormat
from dashboard.views.parts.commands import start, watch
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import records
from pipeline.record.start import text_of
from pipeline.safety.errors import UserError
from pipeline.sweep.results import Sweep, score_names
from pipeline.tables.names import counted


def show_best(sweep: Sweep, table: pd.DataFrame, words: TargetFormat) -> None:
    """Show the run with the lowest validation error of `table`, and offer to record it."""
    errors = table["validation_mse"].mask(table["diverged"])
    lost = int(table["diverged"].sum())
    if errors.isna().all():
        st.warning("All runs diverged. Take smaller learning rates.")
        return
    run = int(np.nanargmin(errors.to_numpy()))
    row = table.iloc[run]
    varied = {
        f"train.{axis.setting}": value for axis, value in zip(sweep.grid.axes, sweep.grid.values(run), strict=True)
    }
    text = (
        f"Of {counted(len(table), 'run')}, the one with **{_with_and(varied)}** has the lowest validation MSE, "
        f"{format_number(row['validation_mse'], 4)}{words.loss_unit('mse')}. On the test rows its MSE is "
        f"{format_number(row['test_mse'], 4)}. The best of many is partly lucky with the "
        "validation rows; the test error, which chose nothing, says how good it is."
        + (f" {counted(lost, 'run')} diverged." if lost else "")
    )
    st.markdown(text, help=explained_in(text))
    if not is_off("record"):
        _record(sweep, run, row, varied)


def _with_and(varied: Mapping[str, Any]) -> str:
    """Say what a run was made with: `learning rate 0.1, momentum 0.5 and seed 3`."""
    *most, last = (in_words({key: value}) for key, value in varied.items())
    return " and ".join([", ".join(most), last]) if most else last


def _record(sweep: Sweep, run: int, row: "pd.Series[float]", varied: dict[str, bool | int | float | str]) -> None:
    root, purpose = records().root, f"record {sweep.key} {run}"
    if problem := obstacle(root):
        st.info(f"{capitalized(problem)}.")
        return
    settings = settings_of(sweep.grid.settings(run), sweep.normalize)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    proposal = suggest_name(varied, names_of(root))
    name = left.text_input("Name", st.session_state.get(f"name {purpose}", proposal), key=f"typed {purpose}")
    if right.button("Record", help="A DVC experiment with the settings of this run.", width="stretch"):
        st.session_state[f"name {purpose}"] = name
        start(purpose, lambda: record(root, settings, name, text_of(None)))
    if watch(purpose):
        _compare(st.session_state.get(f"name {purpose}", name), row)


def _compare(name: str, row: "pd.Series[float]") -> None:
    """Say whether what DVC has recorded has the numbers of the sweep."""
    try:
        found = next(each.metrics for each in list_experiments(records().root) if each.name == name)
    except (UserError, StopIteration):
        st.error("The recorded run cannot be read.")
        return
    differing = [score for score in score_names() if found.get(score.replace("_", ".", 1)) != row[score]]
    shown = escape_markdown(name)
    if differing:
        st.error(f"Recorded as {shown}, but other numbers came of it: {', '.join(differing)}.")
    else:
        st.success(f"Recorded as {shown}. Its metrics equal those of the sweep in all six digits.")

"""What came of a sweep: one picture for each setting, one for two of them, and the best run."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.charts.sweeps import MAX_BANDS, against_setting, against_two
from dashboard.record.snapshot import Record
from dashboard.record.tables import EXPLODED, in_words
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import capitalized
from dashboard.text.numbers import format_number, format_setting
from dashboard.text.target import TargetFormat
from dashboard.views.parts.query_params import one_of
from dashboard.views.parts.shared import records, table_for_download
from dashboard.views.sweep.best import show_best
from pipeline.arrays import MAX_SAMPLE
from pipeline.params import Train, value_name
from pipeline.safety.errors import UserError
from pipeline.sweep.grid import Axis
from pipeline.sweep.results import Sweep, finished, read_sweep
from pipeline.tables.kinds import kind_of

_PARTS: Final = ("validation", "test", "train")
_MAX_FIELDS: Final = 2_500
_NAMES: Final = {"train": "training"}


def show_results(record: Record) -> None:
    """Show one of the sweeps that are finished, at first the last one."""
    st.subheader("What came of it", anchor=False)
    paths = {path.stem: path for path in finished(records().root)}
    if not paths:
        st.caption("No sweep has been finished yet.")
        return
    name = st.selectbox(
        "Sweep",
        list(paths),
        format_func=lambda name: _label(paths[name], paths[name].stat().st_mtime_ns),
        help="The newest first. Their tables are in data/sweeps.",
        key=f"sweep after {next(iter(paths))}",  # a new one is shown at once
    )
    try:
        sweep, table = _read(paths[name], paths[name].stat().st_mtime_ns)
    except (UserError, OSError) as error:
        st.error(str(error))
        return
    words = record.format if _is_on(sweep, record) else TargetFormat.about(sweep.raw_sha256, sweep.normalize.target)
    show_best(sweep, table, words)
    part = one_of("Error", _PARTS, "sweep-part", format_func=lambda part: f"{_NAMES.get(part, part)} MSE")
    title = f"{_NAMES.get(part, part)} {words.loss_title('mse')}"
    varied = [axis for axis in sweep.grid.axes if len(axis.values) > 1]
    for axis in varied:
        _against(table, axis, f"{part}_mse", title)
    pair = [axis for axis in varied if axis.setting != "seed"][:2]
    if len(pair) == 2 and len(pair[0].values) * len(pair[1].values) <= _MAX_FIELDS:
        _pair(table, pair, f"{part}_mse", title)
    with st.expander("Exact numbers"):
        if len(table) > MAX_SAMPLE:
            st.caption(f"The first {MAX_SAMPLE:,} runs; the file has all.")
        shown = table.head(MAX_SAMPLE).drop(columns=["diverged", "run"])
        st.dataframe(shown, hide_index=True, alt="Every run with its settings, losses and errors.")
        table_for_download("sweep.csv", table.drop(columns=["diverged", "run"]))


@st.cache_resource(show_spinner=False, max_entries=4)
def _read(path: Path, _: int) -> tuple[Sweep, pd.DataFrame]:
    """The sweep in a file, and its runs with what pages say of them: whether they diverged, and their settings."""
    sweep, found = read_sweep(path)
    table = found.to_pandas()
    table["diverged"] = (table["status"] == "diverged") | ~(table["train_r2"] >= 1 - EXPLODED)
    varied = [axis.setting for axis in sweep.grid.axes if len(axis.values) > 1]
    rows = table[varied].itertuples(index=False)
    table["run"] = [in_words({f"train.{name}": value for name, value in zip(varied, row, strict=True)}) for row in rows]
    return sweep, table


@st.cache_resource(show_spinner=False, max_entries=100)
def _label(path: Path, _: int) -> str:
    """What the page calls a sweep."""
    with suppress(UserError, OSError):
        sweep, table = read_sweep(path)
        return f"{path.stem}: {', '.join(map(_name, sweep.grid.axes))}; {table.num_rows:,} runs"
    return path.stem


def _is_on(sweep: Sweep, record: Record) -> bool:
    """Whether a sweep has the table and the target of the recorded run."""
    same = sweep.raw_sha256 == record.source.raw_sha256
    return same and sweep.normalize.target == record.data.target_name


def _against(table: pd.DataFrame, axis: Axis, error: str, title: str) -> None:
    name = _name(axis)
    rows = table[["diverged", "run"]].assign(setting=_shown(table, axis), error=table[error])
    medians = rows[~rows["diverged"]].groupby("setting")["error"].median()
    lowest = f"The lowest median is {format_number(medians.min(), 4)}, at" if len(medians) else ""
    said = lowest and f"{lowest} {_text(medians.idxmin())}."
    chart = against_setting(rows, name, title, axis.log)
    st.vega_lite_chart(chart, alt=f"{title} against {name}, a point for each run. {said}")
    line = "the line is the median of the runs with a value, the band the middle half. "
    text = f"{capitalized(name)}: {line if len(axis.values) <= MAX_BANDS else ''}{said}"
    st.caption(text, help=explained_in(name))


def _pair(table: pd.DataFrame, pair: Sequence[Axis], error: str, title: str) -> None:
    across, up = pair
    kept = pd.DataFrame(
        {"across": _shown(table, across), "up": _shown(table, up), "error": table[error].mask(table["diverged"])}
    )
    fields = kept.groupby(["across", "up"], sort=True)["error"].median().reset_index()
    names = _name(across), _name(up)
    chart = against_two(fields, *names, f"median {title}")
    st.vega_lite_chart(chart, alt=f"The median {title} for each {names[0]} and {names[1]}, as a colour.")
    st.caption(
        f"{capitalized(names[0])} and {names[1]}: the colour is the median {title} of the runs with both values. "
        "The lowest is framed. Where all runs diverged, there is no colour."
    )


def _name(axis: Axis) -> str:
    return (Train.model_fields[axis.setting].title or axis.setting).lower()


def _shown(table: pd.DataFrame, axis: Axis) -> "pd.Series[Any]":
    """The values of a setting: numbers, or words."""
    column = table[axis.setting]
    return column if kind_of(column) == "number" else column.map(lambda value: str(value_name(axis.setting, value)))


def _text(value: object) -> str:
    return format_setting(value) if isinstance(value, int | float) else str(value)

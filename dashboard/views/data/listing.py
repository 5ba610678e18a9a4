"""The columns of the raw table: what each is, what the model makes of it, and which values it has."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.text.numbers import NONE, format_number
from dashboard.views.parts.caching import cached
from dashboard.views.parts.tables import height_of, show_numbers
from pipeline.tables.kinds import RawColumn, kinds_of, numbers, texts
from pipeline.tables.names import first_few

_MOST_VALUES = 5


@cached(Record)
def columns_of_table(record: Record) -> None:
    """Show a row for each column, and the cautions that are known of the data."""
    words, names = record.format, [str(name) for name in record.raw.columns]
    st.subheader("The columns", anchor=False)
    roles = dict.fromkeys(record.data.settings.features, "feature") | {words.target: "target"}
    table = pd.DataFrame(
        {
            "column": [words.readable(name) for name in names],
            "role": [roles.get(name, "left out") for name in names],
            "meaning": [words.column(name).meaning for name in names],
            "unit": [words.column(name).unit for name in names],
        }
    )
    if not words.has_descriptions:
        table = table.drop(columns=["meaning", "unit"])
    table = pd.concat([table, _values(record.raw, record.data.settings.categories)], axis=1)
    wide = {"meaning": st.column_config.TextColumn(width=450), "values": st.column_config.TextColumn(width=260)}
    show_numbers(
        table,
        ("smallest", "mean", "largest"),
        height=height_of(len(names)),
        placeholder=NONE,
        column_config=wide,
        alt=f"The {len(names)} columns of the table, with role and range.",
    )
    if words.dataset and words.dataset.cautions:
        with st.container(border=True):
            st.subheader("Before you use these data", anchor=False)
            st.markdown("\n\n".join(words.dataset.cautions))


def _values(raw: pd.DataFrame, categories: tuple[str, ...]) -> pd.DataFrame:
    """The range of each column of numbers; and for a table with others or with gaps, the kinds, gaps and values too."""
    kinds = {**kinds_of(raw), **dict.fromkeys(categories, "category")}
    ranges = pd.DataFrame(
        [
            [column.min(), column.mean(), column.max()] if kinds[str(name)] == "number" else [np.nan] * 3
            for name, column in raw.items()
        ],
        columns=["smallest", "mean", "largest"],
    )
    gaps = raw.isna().sum().to_numpy()
    if set(kinds.values()) == {"number"} and not gaps.any():
        return ranges
    about = {
        "kind": [kind.replace("_", "/") for kind in kinds.values()],
        "gaps": gaps,
        "values": [_in_words(raw[name], kind) for name, kind in kinds.items()],
    }
    return pd.concat([pd.DataFrame(about), ranges], axis=1)


def _in_words(column: RawColumn, kind: str) -> str:
    """The values of a column that is no number: its range, its share of yes, or the most frequent ones."""
    if kind == "number" or column.isna().all():
        return ""
    if kind == "date":
        return " to ".join(text or "" for text in texts(pd.Series([column.min(), column.max()])))
    if kind == "yes_no":
        return f"{format_number(100 * float(np.nanmean(numbers(column))), 3)}% yes"
    found = pd.Series(texts(column)).value_counts()
    return first_few((str(value)[:30] for value in found.index), _MOST_VALUES)

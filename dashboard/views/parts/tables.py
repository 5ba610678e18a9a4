"""Tables on a page: their numbers written as in the text around them, sorted and copied as the numbers they are."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from dashboard.text.numbers import NONE, format_number

_EXACT: Final = "%.17g"
"""The format of a column that shows every digit of a float."""

_SHORT: Final = 20
_TALL: Final = 560

_MOST: Final = 5_000
"""Cells; a larger table is shown as Streamlit writes it, which takes less long."""


def height_of(rows: int) -> int | Literal["content"]:
    """The height of a table of so many rows, in pixels: all of it where they are few, else it scrolls."""
    return "content" if rows <= _SHORT else _TALL


def show_numbers(
    table: pd.DataFrame,
    columns: Iterable[str],
    digits: int | None = 4,
    helps: Mapping[str, str] | None = None,
    **shown: Any,
) -> None:
    """Show a table, with the numbers in `columns` to so many significant digits, or with every digit for `None`.

    `helps` explain some of these columns; `shown` is what else `st.dataframe` takes.
    """
    columns, helps, form = list(columns), helps or {}, _EXACT if digits is None else None
    config = {name: st.column_config.NumberColumn(help=helps.get(name), format=form) for name in columns}
    config |= shown.pop("column_config", {})
    written = table if digits is None or table.size > _MOST else styled(table, columns, digits)
    st.dataframe(written, hide_index=True, column_config=config, **shown)


def styled(table: pd.DataFrame, columns: Iterable[str], digits: int = 4) -> Styler:
    """Write the numbers in `columns` of a table of any size with so many significant digits, to be styled further."""
    write = partial(format_number, digits=digits)
    return table.style.set_uuid("numbers").format(dict.fromkeys(columns, write), na_rep=NONE)

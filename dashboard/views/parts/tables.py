"""Tables on a page: their numbers written as in the text around them, sorted and copied as the numbers they are."""

from collections.abc import Iterable
from functools import partial
from typing import Final

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.text.numbers import NONE, format_number

EXACT: Final = "%.17g"
"""The format of a column that shows every digit of a float."""

_MOST: Final = 5_000
"""Cells; a larger table is shown as Streamlit writes it, which takes less long."""


def with_numbers(table: pd.DataFrame, columns: Iterable[str], digits: int = 4) -> Styler | pd.DataFrame:
    """Write the numbers in `columns` with so many significant digits."""
    return table if table.size > _MOST else styled(table, columns, digits)


def styled(table: pd.DataFrame, columns: Iterable[str], digits: int = 4) -> Styler:
    """Do so for a table of any size, to be styled further."""
    write = partial(format_number, digits=digits)
    return table.style.set_uuid("numbers").format(dict.fromkeys(columns, write), na_rep=NONE)

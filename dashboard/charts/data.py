"""A picture and its rows apart: the picture is specified once, and only its rows are sent again."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

ROWS: Final = alt.NamedData("rows")
LINE: Final = alt.NamedData("line")
KEPT: Final = 256
"""So many specifications each picture keeps: what visitors choose goes into them, and there is no end of that."""


def with_data(spec: Mapping[str, Any], rows: pd.DataFrame, **more: pd.DataFrame) -> dict[str, Any]:
    """Put `rows` into a picture whose marks draw `ROWS`, and `more` tables into the places of their names."""
    return {**spec, "datasets": {**spec.get("datasets", {}), "rows": rows, **more}}

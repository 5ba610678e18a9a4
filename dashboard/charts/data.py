"""A picture and its rows apart: the picture is specified once, and only its rows are sent again."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

ROWS: Final = alt.NamedData("rows")


def filled(spec: Mapping[str, Any], rows: pd.DataFrame) -> dict[str, Any]:
    """Put `rows` into a picture whose marks draw `ROWS`."""
    return {**spec, "datasets": {**spec.get("datasets", {}), "rows": rows}}

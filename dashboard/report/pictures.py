"""A chart as SVG in a page without scripts, its text in the colour of the page's."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

WIDTH: Final = 720
"""In pixels, without axes; the page makes a picture smaller where there is less room."""

_INK: Final = "currentColor"
_PALE: Final = "#7d889455"
_GUIDE: Final = {
    "labelColor": _INK,
    "titleColor": _INK,
    "titleFontWeight": 400,
    "labelFontSize": 12,
    "titleFontSize": 12,
}
_CONFIG: Final = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {**_GUIDE, "gridColor": _PALE, "domainColor": _PALE, "tickColor": _PALE},
    "legend": _GUIDE,
    "header": _GUIDE,
    "text": {"color": _INK, "fontSize": 12},
}
_VERSION: Final = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
_IDS: Final = re.compile(r'(?<= id=")(?=\w)|(?<=url\(#)')
_numbers = count()


def svg(spec: Mapping[str, Any], alternative: str) -> Markup:
    """Draw a chart of `dashboard.charts`; `alternative` says what it shows to those who do not see it."""
    tables = spec.get("datasets", {})
    datasets = {name: _rows(table) if isinstance(table, pd.DataFrame) else table for name, table in tables.items()}
    config = {**_CONFIG, **spec.get("config", {})}
    drawn = vl_convert.vegalite_to_svg(
        {"width": WIDTH, **spec, "datasets": datasets, "config": config}, vl_version=_VERSION, allowed_base_urls=[]
    )
    # Names within a picture are numbered from 0 in each, but are those of the whole page.
    drawn = _IDS.sub(f"p{next(_numbers)}-", drawn)
    label = Markup('<svg role="img" aria-label="{}" ').format(alternative)
    return Markup(str(label) + drawn.removeprefix("<svg "))  # noqa: S704 - Vega escapes the text in a picture


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    finite = table.astype(object).where(table.notna() & ~table.isin([float("inf"), float("-inf")]), None)
    return [{str(name): value for name, value in row.items()} for row in finite.to_dict("records")]

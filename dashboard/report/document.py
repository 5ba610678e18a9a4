"""What a page to hand over consists of, and the page: text is escaped, pictures are part of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboard.report.pictures import svg
from dashboard.text.numbers import NONE

_PAGES: Final = Environment(
    loader=PackageLoader("dashboard.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@dataclass(frozen=True)
class Figure:
    """A chart as the pages draw it, what it shows in one sentence, and what is said below it."""

    chart: dict[str, Any]
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Table:
    """A table whose cells are text or numbers as they are to be read."""

    rows: pd.DataFrame
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it, in order: sentences, tables and figures."""

    title: str
    parts: Sequence[str | Table | Figure]


def page(sections: Sequence[Section]) -> str:
    """One page of HTML with these sections, the first of which gives it its title."""
    made = f"Saved from SGD laboratory on {datetime.now(UTC):%Y-%m-%d at %H:%M} UTC. This page needs no network."
    shown = [(section.title, [_part(part) for part in section.parts if part]) for section in sections]
    return _PAGES.get_template("page.html").render(made=made, sections=shown)


def _part(part: str | Table | Figure) -> dict[str, Any]:
    if isinstance(part, str):
        return {"text": part}
    if isinstance(part, Figure):
        return {"picture": svg(part.chart, part.alt), "caption": part.caption}
    cells = part.rows.astype(object).where(part.rows.notna(), NONE)
    return {"names": list(cells.columns), "rows": cells.to_numpy().tolist(), "caption": part.caption}

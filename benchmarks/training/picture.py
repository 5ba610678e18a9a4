"""The picture of `make bench`: the time of an epoch against the rows, ours beside that of the peers."""

from pathlib import Path
from typing import Final

import altair as alt
import pandas as pd

from benchmarks.training.jobs import SIZES
from benchmarks.training.peers import OURS, PEERS
from benchmarks.training.report import Report
from dashboard.charts.palette import RUNS
from pipeline.record.store import ROOT

FILE: Final = ROOT / "docs" / "benchmarks.png"
HIGHLIGHT: Final = RUNS[0]
OTHERS: Final = "#56616c"
NEXT_NAME: Final = 1.8
"""A name is at least so many times as high as the one below it."""

POWERS: Final = [10.0**power for power in range(-3, 7)]


def chart(report: Report) -> alt.LayerChart | alt.FacetChart:
    """Draw a line for each peer, with its name at the end; the ground is white, wherever the picture is shown."""
    rows = [
        {"peer": peer.name, "rows": job.rows, "milliseconds": found * 1_000}
        for peer in PEERS
        for job in SIZES
        if (found := report.per_epoch(job, peer))
    ]
    table = pd.DataFrame(rows, columns=["peer", "rows", "milliseconds"])
    names = list(table["peer"].unique())
    colours = [HIGHLIGHT if name == OURS.name else OTHERS for name in names]
    colour = alt.Color("peer:N", legend=None).scale(domain=names, range=colours)
    width = alt.condition(alt.datum.peer == OURS.name, alt.value(3.5), alt.value(1.5))
    x = alt.X("rows:Q", title="training rows").scale(type="log", domain=[200, 500_000], nice=False)
    y = alt.Y("milliseconds:Q", title="milliseconds for an epoch").scale(type="log").axis(format=",~r", values=POWERS)
    lines = alt.Chart(table).mark_line(point=True, clip=False)
    names_at_ends = alt.Chart(_apart(table)).mark_text(align="left", dx=8, fontSize=12)
    drawn = alt.layer(
        lines.encode(x.axis(values=[job.rows for job in SIZES], format=","), y, colour, strokeWidth=width),
        names_at_ends.encode(alt.X("rows:Q"), alt.Y("place:Q"), alt.Text("peer:N"), colour),
    )
    return drawn.properties(
        width=560,
        height=360,
        title="An epoch of the linear model, batch 40",
        background="white",
        padding={"left": 8, "right": 16, "top": 8, "bottom": 8},
    )


def _apart(table: pd.DataFrame) -> pd.DataFrame:
    """The last point of each peer, and a `place` for its name that is not on another's."""
    ends = table.loc[table.groupby("peer", sort=False)["rows"].idxmax()]
    ends = ends.sort_values("milliseconds").assign(place=ends["milliseconds"])
    last = 0.0
    for at in ends.index:
        last = max(float(ends.loc[at, "milliseconds"]), last * NEXT_NAME)
        ends.loc[at, "place"] = last
    return ends


def draw(report: Report, path: Path = FILE) -> None:
    """Write the picture as a PNG."""
    chart(report).save(str(path), scale_factor=2)

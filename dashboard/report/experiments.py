"""Recorded runs side by side, in tables and figures, for the page Experiments and for a page to hand over."""

from collections.abc import Callable, Sequence

import pandas as pd

from dashboard.charts.curves import overlaid_losses
from dashboard.experiments.comparisons import base_of, overview, same_losses, settings_and_metrics
from dashboard.experiments.listing import Experiment
from dashboard.record.snapshot import Record
from dashboard.report.document import Figure, Section, Table
from dashboard.text.numbers import format_number
from pipeline.record.metrics import COMPARED

Read = Callable[[Experiment], Record | None]


def sections(runs: Sequence[Experiment], compared: Sequence[Experiment], read: Read) -> list[Section]:
    """All `runs` in one table; those that are `compared`, if they are two or more, side by side."""
    table = overview(runs, base_of(runs))
    for title in COMPARED:
        table[title] = [format_number(value, 5) for value in pd.to_numeric(table[title], errors="coerce")]
    table["created"] = [f"{run.created:%Y-%m-%d %H:%M}" if run.created else "" for run in runs]
    found = [Section("Experiments", [Table(table, "“changed” lists the differences from the current commit.")])]
    if len(compared) > 1:
        drawn = [figure for rows in ("validation", "training") if (figure := overlay(compared, rows, read))]
        found.append(Section("Loss curves", [*drawn, not_drawn(compared)]))
        settings = settings_and_metrics(compared, [run.title for run in compared])
        found.append(Section("Settings that differ, and metrics", [Table(settings)]))
    return found


def overlay(compared: Sequence[Experiment], rows: str, read: Read) -> Figure | None:
    """The losses of several runs on the `rows` training or validation, in one chart; nothing where none can be read."""
    alike = zip(compared, same_losses(compared), strict=True)
    records = {run.title: record for run, same in alike if same and (record := read(run))}
    if not records:
        return None
    histories = {name: record.run.history for name, record in records.items()}
    one = next(iter(records.values()))
    chart = overlaid_losses(histories, rows, one.format.loss_title(one.training.settings.loss))
    return Figure(chart, f"The {rows} loss of {', '.join(histories)} in one chart.")


def not_drawn(compared: Sequence[Experiment]) -> str:
    """Say which runs are not in the `overlay` of all."""
    others = [run.title for run, same in zip(compared, same_losses(compared), strict=True) if not same]
    return f"Not drawn, because its loss is on other data or another loss: {', '.join(others)}." if others else ""

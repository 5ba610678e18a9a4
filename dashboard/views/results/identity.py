"""Which run is shown: its status, data, device, versions and settings."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.views.parts.caching import cached
from pipeline.params import value_name
from pipeline.record.runs import ending


@cached(Record)
def which_run(record: Record, commit: str | None) -> None:
    """Show what is known of the recorded run, and all its settings."""
    st.subheader("Which run this is")
    run: dict[str, Any] = {
        "status": ending(record.metrics.status, record.run.epochs_run),
        "data": record.format.title,
        "rows": ", ".join(f"{len(rows)} {part}" for part, rows in record.data.split.parts().items()),
        "device": record.training.device,
        "versions": ", ".join(f"{name} {version}" for name, version in record.training.versions.items()),
        "commit": commit,
    }
    if info := record.run_info:
        run["trained"] = f"{info.trained}, in {info.seconds:.2f} s"
        run["data from"] = info.data.source if info.data else "not known"
    normalize = record.data.settings.model_dump() | {"features": ", ".join(record.data.names)}
    tables = {"run": run, "train": record.training.settings.model_dump(), "normalize": normalize}
    for column, (name, values) in zip(st.columns(3), tables.items(), strict=True):
        table = pd.DataFrame({name: list(values), "value": [str(value_name(*pair)) for pair in values.items()]})
        column.dataframe(table, hide_index=True, alt=f"What is known of this run: {name}.", height="content")

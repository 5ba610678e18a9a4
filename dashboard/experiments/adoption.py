"""Make the project's record follow params.yaml: as it is, or with the values of a run that is to be adopted."""

from collections.abc import Mapping
from pathlib import Path

from dashboard.experiments import settings
from dashboard.experiments.commands import Command
from dashboard.experiments.settings import Value


def repro(root: Path) -> Command:
    """Check params.yaml, then run `dvc repro`. Needs no git. Raises `UserError` when another command is under way."""
    return Command(root, "dvc repro", {"errand": "repro"})


def adopt(root: Path, wanted: Mapping[str, Value]) -> Command:
    """Set the `wanted` values in params.yaml, then run `dvc repro`.

    `wanted` are all values of an experiment or some. Only the values that differ are written: comments, layout and
    uncommitted edits of other values stay, and so does all of the file when the values do not fit the data. An
    experiment recorded with the code and data as they are now comes back from DVC's run cache and no stage runs.
    Raises `UserError` for values that are not allowed, and when another command is under way.
    """
    before, after = settings.changed(root, wanted)
    return Command(root, "dvc repro with the adopted values", {"errand": "adopt", "before": before, "after": after})

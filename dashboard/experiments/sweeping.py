"""Sweeps as a page starts them: the command `python -m pipeline.sweep` as a process of its own."""

from collections.abc import Sequence
from pathlib import Path

from dashboard.experiments.commands import Command
from pipeline.tables.names import counted


def sweep(root: Path, count: int, texts: Sequence[str]) -> Command:
    """Carry out the `count` runs of a sweep, of which each of the `texts` names a setting and its values.

    Raises `UserError` when another command is under way.
    """
    return Command(root, f"a sweep of {counted(count, 'run')}", {"errand": "sweep", "texts": list(texts)})

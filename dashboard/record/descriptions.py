"""What a person says of the columns of the table that a run was made of, where it is a table of their own."""

import shlex
from pathlib import Path

from pipeline.params import Download, from_command_line
from pipeline.safety.dvc_lock import LOCK, read_lock
from pipeline.safety.errors import UserError
from pipeline.tables import descriptions
from pipeline.tables.datasets import Column


def described_table(root: Path) -> str | None:
    """The path of the table that the stage download read last, by DVC's lock file; `None` where it does not say so."""
    try:
        words = shlex.split(read_lock((root / LOCK).read_bytes())["download"].command)
        return from_command_line(Download, words[words.index("-m") + 2 :]).csv
    except (OSError, LookupError, ValueError, UserError):
        return None


def said_of(root: Path, csv: str | None) -> tuple[Column, ...]:
    """What is said of the columns of a table below `root`; nothing where that cannot be read."""
    try:
        return descriptions.read(root, csv) if csv else ()
    except UserError:  # the check before a run names the fault
        return ()

"""The other end of a command: a process that runs DVC step by step, and stops when whoever asked for it is gone."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dashboard.experiments import transfers
from dashboard.experiments.private_copy import private_copy
from dashboard.experiments.repository import head, is_in_git, tracked
from dashboard.experiments.steps import CHECK, DVC, step, stop_at_end_of_input
from pipeline.params.editing import PARAMS, read
from pipeline.safety.atomic import exchange
from pipeline.safety.dvc_lock import LOCK
from pipeline.safety.errors import unwritable
from pipeline.safety.git import git
from pipeline.safety.stage import safe_stage


def main() -> None:
    """Do the errand that the first line of the input names, in JSON. The end of the input means: stop."""
    job = json.loads(sys.stdin.buffer.readline())
    stop_at_end_of_input(job.pop("grace"))
    errand = ERRANDS[job.pop("errand")]
    try:
        errand(**job)
    except OSError as error:
        raise unwritable(error.filename or "a file", error) from None


def repro() -> None:
    """Bring the record up to date with params.yaml, which is checked first."""
    step(*CHECK)
    if not is_in_git(Path()):
        os.environ["DVC_GLOBAL_CONFIG_DIR"] = str(Path(".dvc", "no-git").resolve())
    step(*DVC, "repro")


def adopt(before: dict[str, str], after: dict[str, str], revision: str = "") -> None:
    """Write `after` into files, by name, that are expected to hold `before`, and bring the record up to date.

    Where git and DVC's cache hold the whole run of a `revision`, its dvc.lock is taken over: DVC then finds the run
    without training, if the code and the data here are those that the lock names. A table that is not here is taken
    from it too. Values that do not fit the data are refused, with the files as they were.
    """
    from dashboard.experiments.revisions import (
        bring_table,
        restorable,
    )  # a command starts sooner without tables and the schema
    from pipeline import params
    from pipeline.params.__main__ import check
    from pipeline.record.start import START, read_start

    if revision:
        bring_table(Path(), revision, str(read(after[PARAMS])["download.csv"]))
    check(params.from_yaml(after[PARAMS].encode()), Path(), read_start(after[START].encode()))
    contents = {Path(name): (before[name].encode(), text.encode()) for name, text in after.items()}
    lock = restorable(Path(), revision) if revision else None
    if lock and Path(LOCK).is_file():
        contents[Path(LOCK)] = Path(LOCK).read_bytes(), lock
    exchange(contents)
    repro()


def record(name: str, files: dict[str, str], also: Sequence[str]) -> None:
    """Run the pipeline with these `files`, by name, in a private copy of the project; keep it as experiment `name`.

    The copy holds the files that git tracks, as they are now, and the files `also`. In the project itself
    `dvc exp run`, with --temp too, would for some moments detach HEAD and empty and rewrite params.yaml and the
    metrics, for every reader to see, and leave it so when killed.
    """
    with private_copy([*tracked(Path()), *also]) as copy:
        for file, content in files.items():
            (copy / file).write_bytes(content.encode())
        baseline = head(copy)
        step(*CHECK, cwd=copy)
        step(*DVC, "exp", "run", "--name", name, cwd=copy)
        reference = f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}"
        git(Path(), "fetch", "--quiet", "--no-tags", str(copy), f"{reference}:{reference}")
    print(f"Recorded as {name}. It ran in a private copy: your files are unchanged.")


def prove(name: str, revision: str) -> None:
    """Train a recorded run again, and compare every update (see `proofs.prove`)."""
    from dashboard.experiments import proofs  # the other errands start sooner without tables

    proofs.prove(name, revision)


def sweep(texts: Sequence[str]) -> None:
    """Carry out a sweep, of which each text names a setting and its values."""
    step(sys.executable, "-m", "pipeline.sweep", *(word for text in texts for word in ("--set", text)))


ERRANDS: Final[dict[str, Callable[..., None]]] = {
    "repro": repro,
    "adopt": adopt,
    "record": record,
    "look": transfers.look,
    "push": transfers.push,
    "fetch": transfers.fetch,
    "prove": prove,
    "sweep": sweep,
}


if __name__ == "__main__":
    with safe_stage():
        main()

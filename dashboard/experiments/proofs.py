"""The errand that proves a recorded run: train it again here, and compare every update of the two."""

import shutil
from pathlib import Path
from typing import Final

from dashboard.experiments.differences import difference, equal
from dashboard.experiments.private_copy import private_copy
from dashboard.experiments.repository import blobs, tracked
from dashboard.experiments.revisions import open_run
from dashboard.experiments.steps import DVC, step
from pipeline import params
from pipeline.params.editing import PARAMS
from pipeline.record.schemas import Training
from pipeline.record.start import START, read_start, text_of
from pipeline.record.store import HISTORY, SAMPLE, WEIGHTS, Store
from pipeline.safety.errors import UserError
from pipeline.safety.git import git
from pipeline.tables.names import first_few
from pipeline.tables.store import NORMALIZED, RAW, SCALING, SPLIT

_CODE: Final = ("pipeline", "dvc.yaml")
_COMPARED: Final = [Path(file).name for file in (WEIGHTS, HISTORY, SAMPLE)]


def prove(name: str, revision: str) -> None:
    """Train the run of a `revision` again, from its own prepared data and settings with the code as it is here.

    Prints that all updates are equal. Raises `UserError` that names the first one that is not, and what else differs.
    """
    code = [file for file in tracked(Path()) if not file.startswith("data/run/")]
    with open_run(Path(), revision) as recorded, private_copy(code) as copy:
        settings, start = blobs(Path(), [f"{revision}:{PARAMS}", f"{revision}:{START}"])
        start = text_of(None).encode() if start is None else start
        params.from_yaml(settings or b"", f"{PARAMS} of {name}")
        read_start(start)
        (copy / PARAMS).write_bytes(settings or b"")
        (copy / START).write_bytes(start)
        for file in (RAW, NORMALIZED, SPLIT, SCALING):
            shutil.copy(recorded.root / file, copy / file)
        print("Training it again, from its own prepared data.", flush=True)
        problem = "it cannot be trained again here"
        step(*DVC, "repro", "--single-item", "--force", "train", cwd=copy, problem=problem)
        again = Store(copy)
        mine, repeated = again.read_training(), again.read_run()
        hashes = {name: mine.sha256[name] for name in _COMPARED}
        found = difference(recorded, hashes, repeated.updates, repeated.weights, again.open_normalized().names)
        besides = _circumstances(revision, recorded.read_training(), mine)
    if found:
        raise UserError(f"{name} is not the same here: {found}{besides}")
    print(f"{name} is proved: {equal(repeated)}{besides}.")


def _circumstances(revision: str, there: Training, here: Training) -> str:
    """What else is not the same of two runs: the code, the device, the versions of what they were made with."""
    found = []
    if there.device != here.device:
        found.append(f"it was trained on the {there.device}, and here on the {here.device}")
    found += [
        f"it was made with {name} {version}, and here with {here.versions.get(name, 'none')}"
        for name, version in there.versions.items()
        if here.versions.get(name) != version
    ]
    if files := git(Path(), "diff", "--name-only", revision, "--", *_CODE).decode().splitlines():
        found.append(f"the code here differs from that of the run ({first_few(files, 1)})")
    return f"; {'; '.join(found)}" if found else ""

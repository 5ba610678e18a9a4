"""Cut every recorded file to every possible length, and check what the dashboard shows or says of each."""

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from dashboard.record.snapshot import Records
from pipeline.record import store
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from tests.faults.damage import truncations

_FILES: Final = (
    store.RAW,
    store.NORMALIZED,
    store.SPLIT,
    store.SCALING,
    store.TRAINING,
    store.METRICS,
    store.WEIGHTS,
    store.HISTORY,
    store.PREDICTIONS,
    store.RUN_INFO,
    store.MODEL,
)
_AT_A_TIME: Final = 2_000


class Part(NamedTuple):
    """Some lengths of one file in `data/`: the file, how many lengths were tried, and what went wrong."""

    name: str
    tried: int
    wrong: list[str]


def every_length(root: Path) -> Iterator[Part]:
    """Cut every file of the project at `root` to every length, in copies of its `data/`, on all processors."""
    with ProcessPoolExecutor() as pool:
        parts = [
            pool.submit(_cut, root, name, first)
            for name in _FILES
            for first in range(0, (root / name).stat().st_size, _AT_A_TIME)
        ]
        for part in as_completed(parts):
            yield part.result()


def _cut(root: Path, name: str, first: int) -> Part:
    whole, tried, wrong = (root / name).read_bytes(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(root / "data", Path(folder, "data"))
        for content in islice(truncations(whole, None), first, first + _AT_A_TIME):
            Path(folder, name).write_bytes(content)
            tried += 1
            if (said := _said(Path(folder), name)) is None:
                fine = name == store.RUN_INFO or content == whole.rstrip()
            else:
                fine = said.isprintable() and "`dvc repro`" in said
            if not fine:
                wrong.append(f"NOT REPORTED {name} cut to {tried + first - 1} bytes: {said}")
    return Part(name, tried, wrong)


def _said(root: Path, name: str) -> str | None:
    """The problem that the dashboard reports; `None` if it shows the run, or offers the model."""
    if name != store.MODEL:
        return Records(root).snapshot().problem
    try:
        Store(root).read_model()
    except UserError as error:
        return str(error)
    return None

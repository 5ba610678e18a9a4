"""Cut every recorded file to every possible length, and check what the dashboard shows or says of each."""

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final, NamedTuple

from dashboard.record.kept import RECORDED
from dashboard.record.reading import Records
from pipeline.record import store
from pipeline.record.store import Store
from pipeline.safety.errors import UserError

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
            for name in (*RECORDED, store.RUN_INFO)
            for first in range(0, (root / name).stat().st_size, _AT_A_TIME)
        ]
        for part in as_completed(parts):
            yield part.result()


def _cut(root: Path, name: str, first: int) -> Part:
    whole, wrong = (root / name).read_bytes(), []
    lengths = range(first, min(first + _AT_A_TIME, len(whole)))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(root / "data", Path(folder, "data"))
        for length in lengths:
            content = whole[:length]
            Path(folder, name).write_bytes(content)
            if (said := _said(Path(folder), name)) is None:
                fine = name == store.RUN_INFO or content == whole.rstrip()
            else:
                fine = said.isprintable() and "`dvc repro`" in said
            if not fine:
                wrong.append(f"NOT REPORTED {name} cut to {length} bytes: {said}")
    return Part(name, len(lengths), wrong)


def _said(root: Path, name: str) -> str | None:
    """The problem that the dashboard reports; `None` if it shows the run, or offers the model."""
    if name != store.MODEL:
        return Records(root).snapshot().problem
    try:
        Store(root).read_model()
    except UserError as error:
        return str(error)
    return None

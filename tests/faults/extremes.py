"""Recorded runs with extreme tables and settings, each in a folder: `python -m tests.faults.extremes FOLDER`."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pipeline.params import Normalize, Train
from pipeline.params.editing import PARAMS
from pipeline.record.store import ROOT, Store
from pipeline.tables.preparation import PreparedFile
from pipeline.tables.store import DOWNLOAD_TIMES, TFJS_SPLIT
from tests import records
from tests.defaults import defaults
from tests.tables import CATEGORIES, FEATURES, mixed, write_raw

Changes = dict[str, Any]

RAW: Final = {"scaling": "none"}
BRANCH: Final = 22
"""The update that a branch begins at, within an epoch."""

FEW: Final = {"validation_fraction": 0.8, "test_fraction": 0.3}


def _table(rows: int = 40, features: int = 3) -> pd.DataFrame:
    """A table whose target is the sum of the features plus noise."""
    draw = np.random.default_rng(0)
    values = draw.standard_normal((rows, features))
    table = pd.DataFrame(values, columns=[f"x{index}" for index in range(features)])
    return table.assign(y=values.sum(axis=1) + 0.1 * draw.standard_normal(rows))


def cases() -> dict[str, tuple[pd.DataFrame, Changes, Changes]]:
    """From name to the raw table, whose target is y, and the changes of `train` and of `normalize`."""
    table, kinds = _table(), mixed().rename(columns={"price": "y"})
    using = {"features": FEATURES, "categories": CATEGORIES, "missing": "mean"}
    return {
        "learning rate 1": (table, {"learning_rate": 1.0}, {}),
        "learning rate 1e6": (table, {"learning_rate": 1e6}, {}),
        "learning rate 1e300": (table, {"learning_rate": 1e300}, {}),
        "one training row": (_table(10), {"batch_size": 1}, FEW | RAW),
        "one feature": (_table(features=1), {}, {}),
        "200 features": (_table(60, 200), {}, {}),
        "collinear columns": (table.assign(x2=table["x0"] * 2), {}, {}),
        "constant target": (table.assign(y=5.0), {}, {}),
        "a target of zeros": (table.assign(y=0.0), {}, {}),
        "equal rows": (table.assign(x0=1.0, x1=2.0, x2=3.0, y=4.0), {}, RAW),
        "huge features": (table.assign(x0=table["x0"] * 1e99), {}, RAW),
        "a huge target": (table.assign(y=table["y"] * 1e99), {}, {}),
        "tiny numbers": (table * 1e-200, {}, RAW),
        "a branch": (table, {"momentum": 0.9, "schedule": "cosine", "epochs": 8}, {}),
        "kinds and gaps": (kinds, {"epochs": 20}, using),
        "kinds, hidden": (kinds, {"model": "one_hidden"}, using | {"missing": "drop_rows"}),
        "names of ours": (table.rename(columns={"x0": "bias", "x1": "epoch", "x2": "part"}), {}, {}),
    }


def record(root: Path, table: pd.DataFrame, train: Changes, normalize: Changes) -> None:
    """Do the work of the stages in this process, with the same files in `root`."""
    settings_of, place = defaults(), Store(root)
    names = tuple(name for name in table.columns if name != "y")
    changes = {**settings_of.normalize.model_dump(), "target": "y", "features": names, "split": "random", **normalize}
    settings = Train(**{**settings_of.train.model_dump(), "batch_size": 4, "epochs": 5, "device": "cpu", **train})
    sections = {"download": settings_of.download, "normalize": Normalize(**changes), "train": settings}
    written = {name: section.model_dump(mode="json") for name, section in sections.items()}
    (root / PARAMS).write_text(json.dumps(written), encoding="utf-8")
    write_raw(place, table)
    place.normalize(PreparedFile.of(place.open_raw().columns, Normalize(**changes), ()))
    records.train(place, settings, BRANCH if settings.schedule != "constant" else 0)


def main(folder: Path) -> None:
    """Record every case in a folder with its name."""
    for name, case in cases().items():
        root = folder / name
        (root / "data").mkdir(parents=True)
        for bundled in (TFJS_SPLIT, DOWNLOAD_TIMES):
            shutil.copy(ROOT / bundled, root / bundled)
        record(root, *case)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

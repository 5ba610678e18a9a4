"""Train on tables of millions of rows and measure time and memory of each stage: `python -m benchmarks.size`.

The normalized table is generated, in the form in which the stage normalize writes it: `SIZE=100_000_000` says how many
rows, in units of 12 inputs and a target. A table that fits into memory is trained first, for comparison.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipeline.params import Normalize
from pipeline.record.store import Store
from pipeline.safety.files import json_bytes
from pipeline.tables.blocks import fits_in_memory, row_groups, write_row_groups
from pipeline.tables.encoding import Encoding, Feature
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import ROWS_AT_ONCE, SplitRule
from pipeline.tables.store import NORMALIZED, SCALING, SPLIT, ScalingFile
from tests.defaults import defaults
from tests.projects import Project, clone

ROWS: Final = int(os.environ.get("SIZE", "10_000_000"))
IN_MEMORY: Final = 2_000_000
INPUTS: Final = 12
EPOCHS: Final = 3

_MEASURE: Final = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([done.returncode, time.perf_counter() - began, used.ru_maxrss * unit, done.stdout + done.stderr]))
"""


def write_table(project: Project, rows: int) -> None:
    """Write what the stage normalize would write of a table with so many rows."""
    names = tuple(f"x{place}" for place in range(INPUTS))
    settings = Normalize.model_validate(
        {**defaults().normalize.model_dump(), "target": "y", "features": names, "split": "random"}
    )
    rule = SplitRule(rows, settings.seed, settings.test_fraction, settings.validation_fraction)
    weights = np.random.default_rng(0).normal(size=INPUTS)

    def groups() -> Iterator[pa.Table]:
        for block in range(rule.blocks):
            generator = np.random.default_rng([1, block])
            count = min(ROWS_AT_ONCE, rows - block * ROWS_AT_ONCE)
            features = generator.normal(size=(count, INPUTS))
            target = features @ weights + 30 + 2 * generator.normal(size=count)
            yield from row_groups(pa.table([*features.T, target], names=[*names, "y"]), rule, block)

    data = project.root / "data"
    write_row_groups(project.root / NORMALIZED, groups())
    encoding = Encoding(tuple(Feature(name, "number", (), None, False, (name,)) for name in names))
    facts = ScalingFile(raw_sha256="0" * 64, settings=settings, encoding=encoding, scaling=Scaling.none(INPUTS))
    (project.root / SCALING).write_bytes(json_bytes(facts))
    (project.root / SPLIT).write_bytes(json_bytes(rule))
    (data / "raw.csv").unlink(missing_ok=True)


def measured(project: Project, *arguments: str) -> tuple[float, float]:
    """Run the interpreter in a project: seconds, and the largest memory in GB."""
    command = [sys.executable, "-c", _MEASURE, sys.executable, *arguments]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=True)
    status, seconds, memory, said = json.loads(done.stdout)
    if status:
        sys.exit(said)
    return seconds, memory / 1e9


def main() -> None:
    """Measure a table in memory, then the large one."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("SIZE_FOLDER")) as folder:
        project = clone(Path(folder) / "project")
        _, imported = measured(project, "-c", "import tensorflow")
        print(f"importing TensorFlow takes {imported:.2f} GB")
        for rows in (IN_MEMORY, ROWS):
            began = time.perf_counter()
            write_table(project, rows)
            size = (project.root / NORMALIZED).stat().st_size / 1e9
            print(f"{rows:,} rows, {size:.2f} GB, generated in {time.perf_counter() - began:.0f} s")
            _report(project, rows, imported)


def _report(project: Project, rows: int, imported: float) -> None:
    where = "in memory" if fits_in_memory(rows, INPUTS + 1) else "in blocks"
    settings: dict[str, Any] = {"batch_size": 1_000, "epochs": EPOCHS, "learning_rate": 0.01, "device": "cpu"}
    seconds, memory = measured(project, *project.command("train", **settings))
    info, run = Store(project.root).read_training(), json.loads((project.root / "data/run/run_info.json").read_text())
    trained = EPOCHS * Store(project.root).open_normalized().sizes["train"]
    print(
        f"  train: {seconds:.1f} s, {memory - imported:.2f} GB more than TensorFlow; {trained:,} rows {where} "
        f"in {run['seconds']:.1f} s, {trained / run['seconds'] / 1e6:.1f} million a second; {info.status}"
    )
    seconds, memory = measured(project, *project.command("evaluate"))
    metrics = Store(project.root).read_metrics()
    print(f"  evaluate: {seconds:.1f} s, {memory:.2f} GB; test MSE {metrics.test['mse']:g}, of least squares 4")


if __name__ == "__main__":
    main()

"""A project whose sweep is long enough to be disturbed, and what comes of it when nothing disturbs it."""

from pathlib import Path
from typing import Final

import pytest

from pipeline import params
from pipeline.sweep.chunks import cut
from pipeline.sweep.grid import Grid
from pipeline.sweep.results import Results, Sweep, code_version, finished
from pipeline.sweep.runs import outcomes
from tests.projects import Project

VARIED: Final = ("train.epochs=4000", "train.learning_rate=0.001..1:log:4", "train.seed=0..5")
COMMAND: Final = ("-m", "pipeline.sweep", *(word for text in VARIED for word in ("--set", text)))


@pytest.fixture(scope="package")
def swept(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table of the sweep, each of whose runs was carried out here, from the last to the first."""
    settings, data = params.load(recorded.root / "params.yaml"), recorded.store.read_normalized()
    grid = Grid.of(settings.train, VARIED)
    sweep = Sweep(grid=grid, normalize=data.settings, raw_sha256=recorded.store.raw_sha256(), code=code_version())
    chunks = cut(grid, data.sizes["train"], len(data.names))
    results = Results(tmp_path_factory.mktemp("swept"), sweep, None, chunks)
    for number in reversed(range(len(chunks))):
        results.keep(number, outcomes(data, [grid.settings(run) for run in chunks[number]]))
    results.merge()
    return next(finished(results.root))

"""Training on a table on disk: every row once an epoch, and of one block the same record as in memory."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from pipeline.network.sgd import row_orders
from pipeline.params import Train
from pipeline.record.predictions import Predictions
from pipeline.record.runs import Run, collect
from pipeline.record.store import tables_of
from pipeline.safety.errors import UserError
from pipeline.tables.blocks import PartOnDisk, write_row_groups
from pipeline.tables.preparation import PreparedData, Rows
from pipeline.tables.splits import PARTS
from pipeline.training import blocks
from pipeline.training.descent import descend, layers, start_at
from tests.defaults import defaults

TABLE = pd.DataFrame({"row": [0]})
ROWS = {"train": 1_000, "validation": 210, "test": 10}


def part(path: Path, name: str, number: int, inputs: int = 3) -> PartOnDisk:
    """One part of a table of so many blocks."""
    return PartOnDisk(path, name, ROWS[name], (*(f"x{place}" for place in range(inputs)), "y"), number)


def rows_of(name: str) -> Rows:
    """The rows of a part: their first input is their number."""
    generator = np.random.default_rng(PARTS.index(name))
    features = generator.normal(size=(ROWS[name], 3))
    return Rows(features, features @ [1.0, -2.0, 3.0] + 5 + generator.normal(size=ROWS[name]))


def write(path: Path, number: int) -> None:
    """Write all parts in so many blocks."""
    groups = []
    for block in range(number):
        for name in PARTS:
            rows, cut = rows_of(name), slice(block * ROWS[name] // number, (block + 1) * ROWS[name] // number)
            names = ["x0", "x1", "x2", "y"]
            groups.append(pa.table([*rows.features[cut].T, rows.target[cut]], names=names))
    write_row_groups(path, groups)


def trained(settings: Train, train: Rows | PartOnDisk, validation: Rows | PartOnDisk) -> Run:
    """A run on these rows."""
    return collect(descend(train, validation, settings), layers(settings.model, 3), settings.epochs)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"momentum": 0.9, "nesterov": True, "schedule": "cosine"},
        {"model": "one_hidden", "loss": "mae"},
        {"early_stopping_patience": 2, "learning_rate": 0.1},
        {"learning_rate": 5.0},
    ],
)
def test_a_table_of_one_block_gives_the_same_record_as_in_memory(tmp_path: Path, changes: dict[str, object]) -> None:
    settings = defaults().train.model_copy(update={"epochs": 8, "seed": 3, **changes})
    write(tmp_path / "one.parquet", 1)
    on_disk = trained(settings, *(part(tmp_path / "one.parquet", name, 1) for name in PARTS[:2]))
    in_memory = trained(settings, *(rows_of(name) for name in PARTS[:2]))
    recorded = [tables_of(run, Predictions(TABLE, [])) for run in (on_disk, in_memory)]
    assert recorded[0] == recorded[1]
    assert on_disk.status == in_memory.status


def test_the_window_of_one_block_has_the_order_of_a_run_in_memory(tmp_path: Path) -> None:
    write(tmp_path / "one.parquet", 1)
    generator, orders = np.random.default_rng(7), row_orders(ROWS["train"], 7)
    for _ in range(3):
        ((_, order),) = blocks.windows(part(tmp_path / "one.parquet", "train", 1), 5_000, generator)
        np.testing.assert_array_equal(order, next(orders))


def epoch_of(path: Path, number: int, size: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """The targets (rows,) of an epoch, in the order in which they are descended on."""
    found = list(blocks.windows(part(path, "train", number), size, generator))
    assert [len(order) for _, order in found] == [size] * (ROWS["train"] // size) + [ROWS["train"] % size]
    return np.concatenate([rows.target[order] for rows, order in found])


def test_every_row_is_taken_once_an_epoch_in_an_order_that_the_seed_draws(tmp_path: Path) -> None:
    path = tmp_path / "many.parquet"
    write(path, 13)
    generator = np.random.default_rng(1)
    first, second = (epoch_of(path, 13, 160, generator) for _ in range(2))
    again = epoch_of(path, 13, 160, np.random.default_rng(1))
    every = np.sort(rows_of("train").target)
    np.testing.assert_array_equal(np.sort(first), every)
    np.testing.assert_array_equal(np.sort(second), every)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, second)
    # rows of all blocks come early in some epoch: the blocks themselves are shuffled
    ahead = [epoch_of(path, 13, 160, np.random.default_rng(seed))[:160] for seed in range(30)]
    assert len(np.unique(np.concatenate(ahead))) > 0.8 * ROWS["train"]


@pytest.mark.parametrize("seed", range(4))
def test_a_block_without_training_rows_makes_no_window(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "gap.parquet"
    table = pa.table({name: np.arange(16.0) for name in ("x0", "x1", "x2", "y")})
    cuts = [(0, 8), (8, 8), (0, 0)]
    write_row_groups(path, [table.slice(*cut) if name == "train" else table[:1] for cut in cuts for name in PARTS])
    train = PartOnDisk(path, "train", 16, ("x0", "x1", "x2", "y"), 3)
    found = list(blocks.windows(train, 8, np.random.default_rng(seed)))
    assert sorted(np.concatenate([rows.target for rows, _ in found])) == list(range(16))
    assert [len(order) for _, order in found] == [8, 8]


def test_a_loss_that_overflows_when_it_is_added_up_is_infinite(tmp_path: Path) -> None:
    path, size = tmp_path / "huge.parquet", 1.2e154
    table = pa.table({name: np.full(1, size) for name in ("x0", "x1", "x2", "y")})
    write_row_groups(path, [table] * 2 * len(PARTS))
    train = PartOnDisk(path, "train", 2, ("x0", "x1", "x2", "y"), 2)
    weights = np.array([0.0, 0.0, 0.0, 0.0])
    assert blocks.mean_loss_in_blocks("mse", layers("linear", 3), weights, train) == np.inf


def test_a_table_of_several_windows_is_trained_as_well_as_one_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "WINDOW", 3 * 170)  # 160 rows of three inputs, in batches of 40
    settings = defaults().train.model_copy(update={"epochs": 30, "batch_size": 40, "learning_rate": 0.05})
    write(tmp_path / "many.parquet", 13)
    streamed = trained(settings, *(part(tmp_path / "many.parquet", name, 13) for name in PARTS[:2]))
    again = trained(settings, *(part(tmp_path / "many.parquet", name, 13) for name in PARTS[:2]))
    in_memory = trained(settings, *(rows_of(name) for name in PARTS[:2]))
    np.testing.assert_array_equal(streamed.weights, again.weights)
    assert streamed.updates.tolist() == in_memory.updates.tolist() == list(range(1 + 30 * 25))
    np.testing.assert_allclose(streamed.history.iloc[-1], in_memory.history.iloc[-1], rtol=0.02)
    np.testing.assert_allclose(streamed.result, in_memory.result, atol=0.15)


def test_a_long_path_keeps_the_weights_of_regular_updates_and_of_the_end_of_each_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = defaults().train.model_copy(update={"epochs": 4, "batch_size": 40})
    write(tmp_path / "many.parquet", 13)
    on_disk = [part(tmp_path / "many.parquet", name, 13) for name in PARTS[:2]]
    in_memory = [rows_of(name) for name in PARTS[:2]]
    whole = [trained(settings, *on_disk), trained(settings, *in_memory)]
    monkeypatch.setattr("pipeline.record.runs.MAX_PATH", 20)
    monkeypatch.setattr(blocks, "WINDOW", 3 * 170)
    thinned = trained(settings, *on_disk), trained(settings, *in_memory)
    expected = sorted({0, *range(7, 101, 7), 25, 50, 75, 100})
    for run in thinned:
        assert run.updates.tolist() == expected
    np.testing.assert_array_equal(thinned[1].weights, whole[1].weights[expected])
    assert thinned[1].history.equals(whole[1].history)


def test_a_run_on_a_table_on_disk_cannot_begin_in_the_middle_of_another(tmp_path: Path, boston: PreparedData) -> None:
    write(tmp_path / "one.parquet", 1)
    train, validation = (part(tmp_path / "one.parquet", name, 1) for name in PARTS[:2])
    start = start_at(boston, defaults().train, None, 3, "5a" * 32)
    with pytest.raises(UserError, match=r"does not fit into memory cannot go on from another; .* into start.json$"):
        next(descend(train, validation, defaults().train, start))

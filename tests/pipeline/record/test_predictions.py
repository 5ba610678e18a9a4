"""What a run predicts for each row of its table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.arrays import MAX_SAMPLE, sample_of
from pipeline.network.layers import Layer
from pipeline.record.predictions import SCHEMA, Predictions, by_part, predictions_of
from pipeline.tables.blocks import DataOnDisk, row_groups, write_row_groups
from pipeline.tables.preparation import PreparedData, prepare
from pipeline.tables.splits import PARTS
from tests.defaults import defaults


def linear(inputs: int) -> tuple[tuple[Layer, ...], np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """A linear model with random weights."""
    weights = np.random.default_rng(0).normal(size=inputs + 1).astype(np.float32)
    return (Layer("output", inputs, 1, "linear"),), weights


def test_predictions_name_every_row_its_part_and_its_residual(boston: PreparedData) -> None:
    layers, weights = linear(len(boston.names))
    table = predictions_of(layers, weights, boston)
    assert list(table.columns) == ["row", "part", "actual", "predicted", "residual"]
    assert table["row"].tolist() == list(range(506))
    predicted = by_part(table, boston)
    for part, rows in boston.split.parts().items():
        assert table["row"][table["part"] == part].tolist() == sorted(rows.tolist())
        np.testing.assert_array_equal(predicted(part), table["predicted"].to_numpy()[rows])
    expected = boston.features @ weights[:-1].astype(float) + float(weights[-1])
    np.testing.assert_allclose(table["predicted"], expected, rtol=1e-8)
    np.testing.assert_allclose(table["residual"], boston.target - expected, rtol=1e-6, atol=1e-7)


def test_a_small_table_is_its_own_sample(boston: PreparedData) -> None:
    layers, weights = linear(len(boston.names))
    sample = Predictions.of(layers, weights, boston).sample
    pd.testing.assert_frame_equal(sample, predictions_of(layers, weights, boston))


@pytest.fixture(scope="module")
def large() -> PreparedData:
    """A table that is split by a rule, in two blocks."""
    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.normal(size=(140_000, 3)), columns=["a", "b", "y"])
    changes = {"target": "y", "features": ("a", "b"), "split": "random"}
    return prepare(table, defaults().normalize.model_copy(update=changes), ())


def test_a_table_on_disk_is_predicted_and_sampled_as_one_in_memory(large: PreparedData, tmp_path: Path) -> None:
    layers, weights = linear(2)
    in_memory = Predictions.of(layers, weights, large)
    write_row_groups(tmp_path / "memory.parquet", in_memory.groups, {"of": "run"})
    columns = dict(zip((*large.names, "y"), (*large.features.T, large.target), strict=True))
    path = tmp_path / "normalized.parquet"
    write_row_groups(path, row_groups(pa.table(columns), large.rule))
    assert large.rule is not None
    on_disk = DataOnDisk(path, large.settings, large.rule, large.encoding, large.scaling)
    streamed = Predictions.of(layers, weights, on_disk)
    write_row_groups(tmp_path / "disk.parquet", streamed.groups, {"of": "run"})
    assert (tmp_path / "disk.parquet").read_bytes() == (tmp_path / "memory.parquet").read_bytes()
    pd.testing.assert_frame_equal(streamed.sample, in_memory.sample.reset_index(drop=True), check_dtype=False)
    assert len(streamed.sample) == MAX_SAMPLE
    assert streamed.sample["row"].tolist() == sample_of(140_000).tolist()
    assert {*streamed.sample["part"]} == {*PARTS}
    assert [*pq.read_schema(tmp_path / "disk.parquet").names] == [*SCHEMA]

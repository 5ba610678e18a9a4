"""The one reader and writer of data/: what is written is read back, and what does not belong together is noticed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipeline.network.layers import Layer
from pipeline.record import store
from pipeline.record.predictions import SCHEMA, Predictions, with_residuals
from pipeline.record.runs import Epoch, Run, collect
from pipeline.record.store import ROOT, Store
from pipeline.safety.errors import UserError
from pipeline.safety.files import BrokenFileError, MissingFileError
from pipeline.tables import reading
from pipeline.tables.preparation import PreparedData, PreparedFile
from pipeline.tables.store import RAW, RAW_SOURCE
from tests.defaults import defaults
from tests.projects import Project
from tests.tables import canonical, write_raw

SETTINGS = defaults().train.model_copy(update={"model": "one_hidden"})


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    """A project in which nothing has run."""
    return Store(tmp_path)


def a_run(first: float = 0.0) -> Run:
    """A run of a hidden layer that diverges in its second epoch."""
    layers = (Layer("hidden", 2, 1, "sigmoid"), Layer("output", 1, 1, "linear"))
    weights = np.arange(5, dtype=np.float32)
    epochs = [
        Epoch(0, 1 / 3, 2 / 3, weights[np.newaxis] + np.float32(first), np.array([0])),
        Epoch(1, 1234567.8, 1e-9, np.array([weights, weights * 2]), np.array([1, 2])),
        Epoch(2, np.inf, np.nan, np.empty((0, 5), np.float32), np.array([], np.int64)),
    ]
    return collect(epochs, layers, planned=2)


def write(target: Store, run: Run, predicted: float = 2.5) -> None:
    """Write a run with predictions and a model that stand for real ones."""
    table = pd.DataFrame({"row": [0], "part": ["test"], "actual": [1.0], "predicted": [predicted]})
    groups = [pa.Table.from_pandas(table, pa.schema(list(SCHEMA.items()))).replace_schema_metadata()]
    predictions = Predictions(with_residuals(table), groups)
    target.write_run(
        run,
        predictions,
        b"model",
        settings=SETTINGS,
        device="cpu",
        versions={"keras": "3"},
        trained="2024-02-29T12:00:00+00:00",
        seconds=1.5,
    )


def test_the_raw_table_is_read_back_with_the_note_where_it_came_from(empty: Store) -> None:
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "bundled")
    write_raw(empty, table)
    pd.testing.assert_frame_equal(empty.read_raw(), table, check_exact=True)
    note = empty.read_raw_source()
    assert note is not None
    assert note.source == "drawn"


def test_the_note_is_not_shown_for_other_bytes_than_it_tells_of(empty: Store) -> None:
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "bundled")
    write_raw(empty, table)
    (empty.root / RAW).write_bytes(canonical(table.assign(crim=1.0)))
    assert empty.read_raw_source() is None
    (empty.root / RAW_SOURCE).unlink()
    assert empty.read_raw_source() is None


def test_the_normalized_table_is_read_back_to_the_bit(empty: Store, boston: PreparedData) -> None:
    columns = reading.open_table((ROOT / "data" / "boston_housing.csv").read_bytes(), "bundled").columns
    empty.write_raw(columns, "somewhere", "2024-02-29")
    empty.normalize(PreparedFile.of(columns, boston.settings, Store().tfjs_test_rows()))
    again = empty.read_normalized()
    assert (again.settings, again.names, again.target_name) == (boston.settings, boston.names, "medv")
    for one, other in (
        (again.features, boston.features),
        (again.target, boston.target),
        (again.scaling.mean, boston.scaling.mean),
        (again.scaling.deviation, boston.scaling.deviation),
        *((rows, boston.split.parts()[name]) for name, rows in again.split.parts().items()),
    ):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def test_a_run_is_read_back_with_its_weights_to_the_bit_and_its_losses_to_six_digits(empty: Store) -> None:
    run = a_run()
    write(empty, run)
    again = empty.read_run()
    assert (again.status, again.epochs_run, again.layers) == ("diverged", 2, run.layers)
    assert again.weights.tobytes() == run.weights.tobytes()
    assert again.epochs.tolist() == [0, 1, 1]
    assert again.history["epoch"].tolist() == [0, 1, 2]
    assert again.history["training_loss"].tolist()[:2] == [0.333333, 1234570.0]
    assert again.history.iloc[2].isna().tolist() == [False, True, True]
    assert empty.read_model() == b"model"
    assert empty.read_predictions()["predicted"].tolist() == [2.5]


def test_a_loss_that_is_not_finite_is_an_empty_cell_and_the_json_is_valid(empty: Store) -> None:
    write(empty, a_run())
    assert (empty.root / store.HISTORY).read_text().splitlines()[-1].endswith(",,")
    for name in (store.TRAINING, store.RUN_INFO):
        json.loads((empty.root / name).read_text(), parse_constant=pytest.fail)


@pytest.mark.parametrize("name", [store.WEIGHTS, store.HISTORY, store.SAMPLE])
def test_files_of_two_runs_are_not_taken_for_one(empty: Store, tmp_path: Path, name: str) -> None:
    write(empty, a_run())
    former = (empty.root / name).read_bytes()
    if name == store.SAMPLE:
        (empty.root / name).write_bytes(former.replace(b"2.5", b"2.6"))
    else:
        other, weights = Store(tmp_path / "other"), a_run().weights
        numbers = np.arange(3)
        ended = [Epoch(0, 1, 1, weights[:1], numbers[:1]), Epoch(1, 1, 1, weights[1:], numbers[1:])]
        another = collect(ended, a_run().layers, 1)
        write(other, a_run(first=0.5) if name == store.WEIGHTS else another)
        (empty.root / name).write_bytes((other.root / name).read_bytes())
    with pytest.raises(BrokenFileError, match=f"{name} is not of the run that {store.TRAINING} describes"):
        empty.read_run()
    (empty.root / name).write_bytes(former)
    assert empty.read_run().status == "diverged"


def test_predictions_of_another_run_or_damaged_ones_are_not_taken(empty: Store, tmp_path: Path) -> None:
    write(empty, a_run())
    path, other = empty.root / store.PREDICTIONS, Store(tmp_path / "other")
    whole = path.read_bytes()
    write(other, a_run(first=0.5))
    path.write_bytes((other.root / store.PREDICTIONS).read_bytes())
    with pytest.raises(BrokenFileError, match=f"is not of the run that {store.TRAINING} describes"):
        empty.read_predictions()
    write(other, a_run(), predicted=3.5)
    path.write_bytes((other.root / store.PREDICTIONS).read_bytes())
    with pytest.raises(BrokenFileError, match=f"is not of the run that {store.TRAINING} describes"):
        empty.read_predictions()
    path.write_bytes(whole.replace(np.float64(2.5).tobytes(), np.float64(2.6).tobytes()))
    with pytest.raises(BrokenFileError, match=f"{store.PREDICTIONS} is not a Parquet file"):
        empty.read_predictions()
    path.write_bytes(whole)
    assert empty.read_predictions()["predicted"].tolist() == [2.5]


def test_a_path_that_is_thinned_is_read_back_with_the_numbers_of_its_updates(empty: Store) -> None:
    run = replace(a_run(), updates=np.array([0, 700, 1000]))
    write(empty, run)
    assert empty.read_run().updates.tolist() == [0, 700, 1000]
    write(empty, a_run())
    assert empty.read_run().updates.tolist() == [0, 1, 2]


def test_the_run_info_is_shown_of_the_measured_run_only(project_copy: Project) -> None:
    data = project_copy.store
    info = data.read_run_info()
    assert info is not None
    assert info.data is not None
    assert info.data.source == "data/boston_housing.csv"
    assert info.seconds > 0
    path = project_copy.root / store.RUN_INFO
    path.write_text(path.read_text().replace(info.weights_sha256, "0" * 64))
    assert data.read_run_info() is None
    path.unlink()
    assert data.read_run_info() is None


def test_before_anything_has_run_every_reader_says_how_to_make_the_file(empty: Store) -> None:
    readers = (
        empty.read_raw,
        empty.read_normalized,
        empty.read_run,
        empty.read_training,
        empty.read_model,
        empty.read_predictions,
        empty.read_metrics,
    )
    for read in readers:
        with pytest.raises(MissingFileError, match=r"data/\S+ does not exist yet; run `dvc repro`"):
            read()
    assert empty.read_run_info() is None


@pytest.mark.parametrize(("section", "key"), [(None, "status"), (None, "more"), ("test", "r2"), ("test", "mape")])
def test_a_record_of_another_version_is_one_sentence(project_copy: Project, section: str | None, key: str) -> None:
    path = project_copy.root / store.METRICS
    metrics = json.loads(path.read_text())
    part = metrics[section] if section else metrics
    if part.pop(key, None) is None:
        part[key] = 1.0
    path.write_text(json.dumps(metrics))
    with pytest.raises(UserError, match="another version of this project: run `dvc repro`"):
        project_copy.store.read_metrics()

"""The `.keras` file: raw features in, the price out, and the same bytes for the same run."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from pipeline.network.layers import predict, size_of
from pipeline.tables.kinds import numbers, texts
from pipeline.tables.preparation import PreparedData, UsedRows, prepare
from pipeline.tables.scaling import Scaling
from pipeline.training.exports import keras_file
from pipeline.training.frameworks import keras
from pipeline.training.models import MODELS, layers_of
from tests.projects import Project
from tests.tables import CATEGORIES, FEATURES, mixed, mixed_settings

# Keras saves a tensor by numpy's former protocol for copies.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")


def any_weights(model: str, features: int) -> NDArray[np.float32]:
    """Weights of about the size of trained ones."""
    size = size_of(layers_of(MODELS[model](features)))
    return np.random.default_rng(0).normal(size=size).astype(np.float32)


def loaded(content: bytes, folder: Path) -> keras.Sequential:
    """The model as whoever downloads it would load it."""
    (folder / "model.keras").write_bytes(content)
    return keras.saving.load_model(folder / "model.keras")


@pytest.mark.parametrize("name", MODELS)
def test_the_file_takes_raw_features_and_predicts_as_the_run_does(
    name: str, boston: PreparedData, tmp_path: Path
) -> None:
    weights = any_weights(name, len(boston.names))
    model = loaded(keras_file(name, weights, boston.scaling), tmp_path)
    raw = boston.scaling.invert(boston.features)
    expected = predict(layers_of(MODELS[name](len(boston.names))), weights, boston.features)
    theirs = model.predict(raw.astype(np.float32), verbose=0)[:, 0]
    np.testing.assert_allclose(theirs, expected, atol=1e-5 * np.abs(expected).max())
    assert theirs.dtype == np.float32


def test_features_that_were_not_scaled_are_taken_as_they_are(tmp_path: Path) -> None:
    weights = any_weights("linear", 3)
    model = loaded(keras_file("linear", weights, Scaling.none(3)), tmp_path)
    raw = np.array([[1.0, -2.0, 0.5]])
    assert model.predict(raw, verbose=0)[0, 0] == pytest.approx(raw[0] @ weights[:3] + weights[3], rel=1e-6)


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_features_in_very_small_and_very_large_units_are_scaled_too(unit: float, tmp_path: Path) -> None:
    scaled = np.array([[1.5], [-0.5]])
    scaling = Scaling(np.array([2 * unit]), np.array([unit]))
    weights = np.array([3, 1], dtype=np.float32)
    model = loaded(keras_file("linear", weights, scaling), tmp_path)
    theirs = model.predict(scaling.invert(scaled).astype(np.float32), verbose=0)[:, 0]
    np.testing.assert_allclose(theirs, [5.5, -0.5], rtol=1e-5)


def test_the_same_run_gives_the_same_bytes_in_another_process_and_after_other_models(
    recorded: Project, boston: PreparedData
) -> None:
    MODELS["two_hidden"](7)
    run = recorded.store.read_run()
    here = keras_file("linear", run.result, recorded.store.read_normalized().scaling)
    assert here == recorded.store.read_model()
    assert here == keras_file("linear", run.result, boston.scaling)


def test_nothing_in_the_file_tells_when_or_where_it_was_saved(boston: PreparedData) -> None:
    content = keras_file("one_hidden", any_weights("one_hidden", len(boston.names)), boston.scaling)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert json.loads(archive.read("metadata.json"))["date_saved"] == "1980-01-01@00:00:00"
        shared_ids = re.findall(rb'"shared_object_id": *(\d+)', archive.read("config.json"))
        assert all(int(number) < 100 for number in shared_ids)


def columns_of(data: PreparedData, table: pd.DataFrame) -> dict[str, Any]:
    """The columns of a table as a saved model takes them."""
    columns = {feature.name: table[feature.name] for feature in data.encoding.features}
    return {
        name.replace("/", "_"): np.array([text or "" for text in texts(columns[name])])
        if kind == "category"
        else numbers(columns[name])
        for name, kind in data.encoding.kinds.items()
    }


HOSTILE = {"area": "output", "river": "where", "town": "a/b", "sold": "encoding", "zip": "one_hidden"}


def test_dates_with_times_are_taken_to_the_minute(tmp_path: Path) -> None:
    table = mixed()
    minutes = np.random.default_rng(1).permutation(len(table))
    table["sold"] = pd.Timestamp("2024-05-01 08:00") + pd.to_timedelta(minutes, unit="min")
    settings = mixed_settings()
    data = prepare(table, settings, ())
    weights = any_weights("linear", len(data.names))
    model = loaded(keras_file("linear", weights, data.scaling, data.encoding), tmp_path)
    expected = predict(layers_of(MODELS["linear"](len(data.names))), weights, data.features)
    theirs = np.asarray(model(columns_of(data, UsedRows.of(table, settings).table)))[:, 0]
    np.testing.assert_allclose(theirs, expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("missing", ["mean", "drop_rows"])
@pytest.mark.parametrize("names", [{}, HOSTILE], ids=["usual names", "names of layers"])
def test_a_table_of_mixed_kinds_is_taken_by_columns_with_texts_and_gaps(
    missing: str, names: dict[str, str], tmp_path: Path
) -> None:
    table = mixed().rename(columns=names)
    features, categories = ([names.get(name, name) for name in group] for group in (FEATURES, CATEGORIES))
    settings = mixed_settings(features=features, categories=categories, missing=missing)
    data = prepare(table, settings, ())
    weights = any_weights("one_hidden", len(data.names))
    content = keras_file("one_hidden", weights, data.scaling, data.encoding)
    assert content == keras_file("one_hidden", weights, data.scaling, data.encoding)
    model = loaded(content, tmp_path)
    rows = UsedRows.of(table, settings).table
    expected = predict(layers_of(MODELS["one_hidden"](len(data.names))), weights, data.features)
    theirs = np.asarray(model(columns_of(data, rows)))[:, 0]
    np.testing.assert_allclose(theirs, expected, atol=1e-5 * np.abs(expected).max())
    unseen = dict.fromkeys(categories, "[UNK]")
    others = rows.assign(**{name: pd.Series(value, rows.index, dtype="str") for name, value in unseen.items()})
    expected = predict(
        layers_of(MODELS["one_hidden"](len(data.names))), weights, data.scaling.apply(data.encoding.apply(others))
    )
    theirs = np.asarray(model(columns_of(data, others)))[:, 0]
    np.testing.assert_allclose(theirs, expected, atol=1e-5 * np.abs(expected).max())

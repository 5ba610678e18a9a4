"""From the raw table to what a model sees."""

import numpy as np
import pytest

from pipeline.safety.errors import UserError
from pipeline.tables.preparation import UsedRows, prepare
from tests.pipeline.conftest import TABLE, prepared
from tests.tables import CATEGORIES, FEATURES, mixed, mixed_settings


def test_every_row_is_kept_in_the_order_of_the_table() -> None:
    data = prepared()
    np.testing.assert_array_equal(data.target, TABLE["medv"])
    np.testing.assert_allclose(data.scaling.invert(data.features), TABLE[list(data.names)], rtol=1e-9, atol=1e-9)


def test_the_scaling_is_fitted_on_the_training_rows_alone() -> None:
    data = prepared()
    for part, rows in data.split.parts().items():
        centred = np.allclose(data.features[rows].mean(axis=0), 0, atol=1e-9)
        assert centred == (part == "train")


def test_the_tutorials_habit_fits_it_on_the_validation_rows_too() -> None:
    data = prepared(statistics_from="train_and_validation_rows")
    together = data.features[data.split.of_parts(["train", "validation"])]
    np.testing.assert_allclose(together.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(together.std(axis=0), 1, rtol=1e-9)
    assert not np.allclose(data.part("train").features.mean(axis=0), 0, atol=1e-9)


def test_without_scaling_the_features_stay_in_their_own_units() -> None:
    data = prepared(scaling="none")
    np.testing.assert_array_equal(data.features, TABLE[list(data.names)])


def test_a_column_that_is_constant_in_the_training_rows_is_refused() -> None:
    table = TABLE.assign(chas=np.where(np.isin(TABLE.index, prepared().split.train), 0, TABLE["chas"]))
    with pytest.raises(UserError, match="the column 'chas' is 0 in every training row"):
        prepared(table)
    prepared(table, scaling="none")


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
@pytest.mark.parametrize("statistics_from", ["train_rows", "train_and_validation_rows"])
def test_nothing_of_the_other_rows_enters_the_encoding_or_the_scaling(missing: str, statistics_from: str) -> None:
    settings, table = mixed_settings(missing=missing, statistics_from=statistics_from), mixed()
    before = prepare(table, settings, ())
    split, kept = before.split, UsedRows.of(table, settings).rows
    unseen = [split.test] if "validation" in statistics_from else [split.test, split.validation]
    others = kept[np.concatenate(unseen)]
    changed = table.copy()
    changed.loc[others, ["area", "zip"]] = 1e6
    changed.loc[others, "river"] = True
    changed.loc[others, "town"] = "a town of the test"
    changed.loc[others, "sold"] += np.timedelta64(90_000, "D")
    changed.loc[others, "price"] *= -7
    after = prepare(changed, settings, ())
    assert after.encoding == before.encoding
    np.testing.assert_array_equal(after.scaling.mean, before.scaling.mean)
    np.testing.assert_array_equal(after.scaling.deviation, before.scaling.deviation)
    np.testing.assert_array_equal(after.part("train").features, before.part("train").features)
    assert not np.array_equal(after.part("test").features, before.part("test").features)


def test_a_table_of_mixed_kinds_is_normalized_with_the_rows_that_have_a_target() -> None:
    table = mixed()
    data = prepare(table, mixed_settings(), ())
    kept = table.dropna(subset=["price"])
    np.testing.assert_array_equal(data.target, kept["price"])
    raw = data.scaling.invert(data.features)
    inputs = dict(zip(data.names, raw.T, strict=True))
    np.testing.assert_allclose(inputs["town=Bonn"], kept["town"] == "Bonn", atol=1e-9)
    np.testing.assert_allclose(inputs["zip=102"], kept["zip"] == 102, atol=1e-9)
    np.testing.assert_allclose(inputs["river is missing"], kept["river"].isna(), atol=1e-9)
    seen = kept["area"].iloc[data.split.train].mean()
    np.testing.assert_allclose(inputs["area"], kept["area"].fillna(seen), rtol=1e-9)
    assert np.isfinite(data.features).all()


def test_rows_with_gaps_are_left_out_before_the_split() -> None:
    table = mixed()
    data = prepare(table, mixed_settings(missing="drop_rows"), ())
    whole = table.dropna(subset=["price", *FEATURES])
    np.testing.assert_array_equal(data.target, whole["price"])
    assert not any("is missing" in name for name in data.names)
    again = prepare(whole.reset_index(drop=True), mixed_settings(missing="refuse"), ())
    np.testing.assert_array_equal(again.features, data.features)


def test_a_feature_of_text_is_refused_unless_it_is_a_category() -> None:
    with pytest.raises(UserError, match=r"'town' is text \(data/raw\.csv, line 2 has .*\): add it to normalize\.cat"):
        prepare(mixed(), mixed_settings(categories=CATEGORIES[1:]), ())

"""Tests of the suggestion as a whole: on tables as people have them it uses what is of use, and nothing else."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import pytest

from pipeline.params import Params, validate
from pipeline.params.editing import with_values
from pipeline.safety.errors import UserError
from pipeline.safety.yaml_loader import parse
from pipeline.suggestion.settings import Suggestion
from pipeline.tables.kinds import kind_of
from pipeline.tables.preparation import prepare
from tests.defaults import default_text, defaults, train
from tests.shapes import Shape, shapes

SHAPES: Final = shapes()
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))

NUMBERS: Final = pd.DataFrame(
    {"x": [float(i * 7 % 13) for i in range(40)], "z": [float(i * 5 % 11) for i in range(40)]}
)


def now() -> Params:
    return defaults()


@every_shape
def test_what_says_something_is_used_and_what_does_not_is_left_out(shape: Shape) -> None:
    suggestion = Suggestion.of(shape.table, shape.target, now())
    decided = {look.name: look.decision for look in suggestion.columns}
    assert decided == {
        **dict.fromkeys(shape.table.columns, "feature"),
        **shape.decisions,
        **dict.fromkeys(_texts_of(shape, decided), "category"),
        shape.target: "target",
    }
    assert suggestion.normalize.missing == shape.missing
    assert suggestion.normalize.categories == tuple(name for name, use in decided.items() if use == "category")


def _texts_of(shape: Shape, decided: Mapping[str, str]) -> list[str]:
    return [name for name in decided if kind_of(shape.table[name]) == "text" and name not in shape.decisions]


def test_other_settings_stay_as_they_are() -> None:
    table = NUMBERS.assign(y=NUMBERS["x"] + NUMBERS["z"] ** 2)
    before = now()
    normalize = before.normalize.model_copy(update={"seed": 7, "test_fraction": 0.2})
    given = before.model_copy(update={"normalize": normalize, "train": train(seed=3, device="cpu", model="two_hidden")})
    suggestion = Suggestion.of(table, "y", given)
    assert (suggestion.normalize.seed, suggestion.normalize.test_fraction) == (7, 0.2)
    assert (suggestion.train.seed, suggestion.train.device, suggestion.train.model) == (3, "cpu", "linear")


def test_the_features_may_be_chosen() -> None:
    table = NUMBERS.assign(place=["north", "south", "east", "west"] * 10, y=NUMBERS["x"] + NUMBERS["z"] ** 2)
    suggestion = Suggestion.of(table, "y", now(), chosen={"z", "place"})
    assert suggestion.normalize.features == ("z", "place")
    assert suggestion.normalize.categories == ("place",)
    assert [look.why for look in suggestion.columns if look.name == "x"] == ["not chosen"]


def test_a_feature_that_varies_in_test_rows_only_is_left_out() -> None:
    table = NUMBERS.assign(y=NUMBERS["x"] + NUMBERS["z"] ** 2)
    train_rows = prepare(table, Suggestion.of(table, "y", now()).normalize, ()).split.train
    rare = pd.Series(1.0, index=table.index).where(table.index.isin(train_rows), 0.0)
    looks = Suggestion.of(table.assign(rare=rare), "y", now()).columns
    assert [look.why for look in looks if look.name == "rare"] == ["the same in every row that it would train on"]


def test_of_too_many_inputs_the_categories_with_most_values_go_first() -> None:
    names = pd.Series([f"n{i % 9}" for i in range(40)], dtype="str")
    table = NUMBERS.assign(few=["a", "b"] * 20, many=names, y=NUMBERS["x"] + NUMBERS["z"] ** 2)
    looks = {look.name: look for look in Suggestion.of(table, "y", now()).columns}
    assert (looks["few"].decision, looks["many"].decision) == ("category", "left out")
    assert "too many for 20 training rows" in looks["many"].why


def test_where_nothing_is_left_each_column_is_named_with_the_reason() -> None:
    table = pd.DataFrame({"same": 1.0, "name": [f"row {i}" for i in range(40)], "y": NUMBERS["x"]})
    table["name"] = table["name"].astype("str")
    with pytest.raises(UserError, match=r"no column to predict y from \(same: 1 in every row; name: names or codes"):
        Suggestion.of(table, "y", now())


def test_the_values_are_those_of_params_yaml() -> None:
    table = NUMBERS.assign(y=NUMBERS["x"] + NUMBERS["z"] ** 2)
    values = Suggestion.of(table, "y", now()).values("data/mine.csv", None)
    text = with_values(default_text(), values)
    after = validate(parse(text.encode(), "params.yaml"))
    assert (after.download.dataset, after.download.csv, after.download.url) == ("own", "data/mine.csv", None)
    assert (after.normalize.target, after.normalize.features, after.normalize.split) == ("y", ("x", "z"), "random")
    comments = [line for line in default_text().splitlines() if line.lstrip().startswith("#")]
    assert [line for line in text.splitlines() if line.lstrip().startswith("#")] == comments

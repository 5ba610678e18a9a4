"""A feature's inputs as a cell: what a person reads and sets is what the model gets."""

from datetime import date, datetime

import numpy as np
import pytest

from dashboard.record.cells import (
    ANOTHER,
    MEAN,
    MISSING,
    Cell,
    in_words,
    inputs_of,
    is_another,
    is_missing,
    moment,
    time_of,
)
from pipeline.tables.preparation import prepare
from tests.tables import mixed, mixed_settings

DATA = prepare(mixed(), mixed_settings(), ())
FEATURES = {feature.name: feature for feature in DATA.encoding.features}


@pytest.mark.parametrize(
    ("name", "cell", "said"),
    [
        ("area", 84.5, "84.5"),
        ("area", None, MISSING),
        ("river", True, "yes"),
        ("river", False, "no"),
        ("river", None, MISSING),
        ("town", "Köln", "Köln"),
        ("town", "rest=other", "rest=other"),
        ("town", "Berlin", ANOTHER),
        ("town", None, MISSING),
        ("zip", "102", "102"),
        ("sold", date(2020, 2, 29), "2020-02-29"),
        ("sold", None, MISSING),
    ],
)
def test_a_cell_becomes_inputs_that_say_it(name: str, cell: Cell, said: str) -> None:
    feature = FEATURES[name]
    inputs = inputs_of(feature, cell)
    assert in_words(feature, inputs) == said
    assert is_missing(feature, inputs) == (cell is None)
    assert is_another(feature, inputs) == (said == ANOTHER)


def test_the_inputs_of_a_cell_are_those_of_the_table() -> None:
    table = mixed()
    inputs = DATA.encoding.apply(table)
    for row in (3, 40, 111):
        for name, place in DATA.encoding.places.items():
            said = in_words(FEATURES[name], inputs[row, place])
            cell = table.loc[row, name]
            known = {"True": "yes", "False": "no", "nan": MISSING, "<NA>": MISSING, "NaT": MISSING, "None": MISSING}
            text = str(cell).removesuffix(" 00:00:00").removesuffix(".0")
            assert said == known.get(text, text)


def test_the_mean_row_has_no_single_value_of_a_category() -> None:
    mean = DATA.scaling.invert(DATA.part("train").features.mean(axis=0))
    said = {name: in_words(FEATURES[name], mean[place]) for name, place in DATA.encoding.places.items()}
    assert said["town"] == said["zip"] == MEAN
    assert 0 < float(said["river"]) < 1
    assert said["sold"].startswith("20")


def test_a_day_beyond_the_calendar_is_its_first_or_last() -> None:
    assert time_of(0.5) == datetime(1970, 1, 1, 12)
    assert time_of(-1 / 24) == datetime(1969, 12, 31, 23)
    assert time_of(np.inf).date() == date.max
    assert time_of(-1e300) == datetime.min
    assert [moment(days) for days in (19_782, 19_782.5625)] == ["2024-02-29", "2024-02-29 13:30"]

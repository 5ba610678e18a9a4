"""Tests of the target: likely ones come first, and a column that cannot be one is refused with those that can."""

import pandas as pd
import pytest

from pipeline.safety.errors import UserError
from pipeline.suggestion.targets import candidates, check_target

TABLE = pd.DataFrame(
    {
        "id": [float(row) for row in range(12)],
        "rooms": [3.0, 4.0, 5.0] * 4,
        "sale price": [100.0 + row * row for row in range(12)],
        "sold": pd.Series([True, False] * 6, dtype="boolean"),
        "town": pd.Series(["north", "south"] * 6, dtype="str"),
        "same": 7.0,
        "paid": pd.Series(["1.5", "2.5", "unknown", "3.5"] * 3, dtype="str"),
        "age": [1.0, 2.0, 3.0, 4.0] * 3,
    }
)


def test_names_of_targets_come_first_then_the_last_column_and_identifiers_only_where_there_is_nothing_else() -> None:
    assert candidates(TABLE) == ["sale price", "age", "rooms"]
    assert candidates(TABLE[["id", "town"]]) == ["id"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("sale pric", "no column 'sale pric'; did you mean 'sale price'?"),
        ("town", "'town' is text; choose a column of numbers: sale price, age"),
        ("paid", "9 of its 12 cells are numbers, but unknown is none: correct such cells, or empty them.*; choose"),
        ("sold", "'sold' is yes or no; choose"),
        ("same", "'same' is the same in every row; choose"),
    ],
)
def test_what_cannot_be_a_target_is_refused_with_what_can(target: str, said: str) -> None:
    with pytest.raises(UserError, match=said.replace("?", r"\?")):
        check_target(TABLE, target)
    check_target(TABLE, "rooms")

"""The cell that keeps a column from holding numbers or dates is named, with its line."""

import re

import pytest

from pipeline.tables import reading
from pipeline.tables.faults import in_raw_table, unusable
from tests.pipeline.tables.houses import HOUSES
from tests.tables import canonical


def read_with(*changes: tuple[str, str]) -> reading.Reading:
    """The houses with cells replaced."""
    text = HOUSES
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return reading.read(text.encode(), "mine.csv")


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ([("200.8", "inf")], {"area": "line 7, column 'area' is 'inf'; expected a number such as 12.5"}),
        ([("200.8", "1e101")], {"area": "line 7, column 'area' is '1e101'; expected a number"}),
        ([("200.8", "2OO.8")], {"area": "line 7, column 'area' is '2OO.8'; expected a number"}),
        (
            [("price\n", "price\nm2,years,k$\n")],
            dict.fromkeys(("area", "age", "price"), "line 2, .* is this a row of units"),
        ),
        ([("113.57\n", "113.57\nTotal,,1234\n")], {"area": "line 14, column 'area' is 'Total'; .* a row of totals"}),
        ([("200.8", "?")], {}),
    ],
)
def test_columns_that_were_meant_to_hold_numbers_are_named_all_at_once_with_the_first_cell_that_is_none(
    changes: list[tuple[str, str]], messages: dict[str, str]
) -> None:
    found = read_with(*changes)
    said = unusable(found.table, [*map(str, found.table)], found.place)
    assert list(said) == list(messages)
    for column, message in messages.items():
        assert re.search(message, said[column])


def test_dates_whose_month_is_in_doubt_are_explained() -> None:
    raw = "\n".join(["day,price", *(f"0{row % 9 + 1}/02/2024,{row}" for row in range(12))]).encode()
    found = reading.read(raw, "mine.csv")
    said = unusable(found.table, ["day"], found.place)
    assert said["day"].startswith("mine.csv, line 2, column 'day' is '01/02/2024', whose month cannot be told")


def test_of_names_nothing_is_said() -> None:
    raw = "\n".join(["town,price", *(f"Salem {row},{row}" for row in range(12))]).encode()
    found = reading.read(raw, "mine.csv")
    assert unusable(found.table, [*map(str, found.table)], found.place) == {}


def test_a_row_of_the_raw_table_is_a_line_of_its_file() -> None:
    found = read_with(("200.8", "inf"))
    written = canonical(found.table).decode().splitlines()
    place = unusable(found.table, ["area"], in_raw_table)["area"].split(",")[1]
    assert written[int(place.removeprefix(" line ")) - 1].startswith("inf,")

"""A graph described: the right numbers at the right moment, in sentences and in a table."""

import numpy as np

from dashboard.lessons import graphs
from dashboard.lessons.story import narrate, node_table
from dashboard.text.numbers import summarize

LINE = graphs.line(1.5, 2.0, [0.5, -1.2, 3.0], [22.0, 15.0, 9.0])
NETWORK = graphs.hidden_layer(**graphs.hidden_layer_start(4, 0), x=np.ones((1, 4)), y=np.full((1, 1), 22.0))


def test_values_come_forward_before_gradients_go_back_one_edge_at_a_time() -> None:
    frames = narrate(graphs.one_weight(0, 2, 5))
    assert [moment.direction for moment in frames] == ["none", *["forward"] * 3, *["backward"] * 4]
    assert [moment.rule for moment in frames] == [
        "v = 0, x = 2, y = 5",
        "0 × 2 = 0",
        "0 − 5 = −5",
        "(−5)² = 25",
        "gradient of the loss = 1",
        "local derivative (2 × error = −10) × upstream derivative (1) = −10",
        "local derivative (1) × upstream derivative (−10) = −10",
        "local derivative (x = 2) × upstream derivative (−10) = −20",
    ]


def test_a_gradient_that_several_rows_share_says_that_it_is_a_sum() -> None:
    rules = {moment.title: moment.rule for moment in narrate(LINE)}
    assert "summed over 3 rows" in rules["Backward: through + to bias"]
    assert "summed" not in rules["Backward: through − to prediction"]


def test_the_table_has_every_number_of_the_picture() -> None:
    frames = narrate(LINE)
    table = node_table(frames, len(frames) - 1).set_index("number")
    assert table["value"]["loss"] == summarize(LINE.value)
    assert table["gradient"]["loss"] == "1"
    assert table["gradient"]["x"] == "not needed"
    assert table["shape"]["prediction"] == "3 numbers"
    assert node_table(narrate(NETWORK), 0).set_index("number")["shape"]["hidden kernel"] == "4 × 50"


def test_the_table_knows_no_number_before_the_picture_does() -> None:
    frames = narrate(graphs.one_weight(0, 2, 5))
    tables = [node_table(frames, now).set_index("number") for now in range(len(frames))]
    assert [table["value"]["loss"] for table in tables] == [*["…"] * 3, *["25"] * 5]
    assert [table["gradient"]["loss"] for table in tables] == [*["…"] * 4, *["1"] * 4]
    assert [table["gradient"]["v"] for table in tables] == [*["…"] * 7, "−20"]
    assert {table["value"]["v"] for table in tables} == {"0"}
    assert {table["gradient"]["x"] for table in tables} == {"not needed"}

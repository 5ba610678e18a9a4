"""A graph described: the right numbers at the right moment, in sentences and in a table."""

import numpy as np

from dashboard.lessons import backprop, graphs
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
        "Chain rule: local derivative (2 × error = −10) × upstream derivative (edge 1: 1) = −10",
        "Chain rule: local derivative (1) × upstream derivative (edge 2: −10) = −10",
        "Chain rule: local derivative (x = 2) × upstream derivative (edge 3: −10) = −20",
    ]


def test_a_gradient_that_several_rows_share_says_that_it_is_a_sum() -> None:
    rules = {moment.title: moment.rule for moment in narrate(LINE)}
    assert "summed over 3 rows" in rules["Backward, edge 6: through + to bias"]
    assert "summed" not in rules["Backward, edge 4: through − to prediction"]


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


def test_edges_are_numbered_in_the_order_of_the_backward_pass_and_an_upstream_derivative_says_where_it_arrived() -> (
    None
):
    for loss in (LINE, NETWORK):
        frames = [moment for moment in narrate(loss) if moment.direction == "backward"]
        assert [moment.edge for moment in frames] == [*range(1, len(frames) + 1)]
        arrived = {moment.node: moment.edge for moment in frames}
        for moment in frames[1:]:
            assert moment.flow
            assert moment.title.startswith(f"Backward, edge {moment.edge}: ")
            upstream = f"upstream derivative (edge {arrived[moment.flow.node]}: {summarize(moment.flow.upstream)})"
            assert moment.rule.startswith("Chain rule: local derivative (")
            assert upstream in moment.rule
    assert {moment.edge for moment in narrate(LINE) if moment.direction != "backward"} == {None}


def test_the_table_names_the_edge_of_each_gradient_and_both_of_a_node_that_is_used_twice() -> None:
    table = node_table(narrate(graphs.one_weight(0, 2, 5)), 0)
    assert dict(zip(table["number"], table["edge"], strict=True)) == {
        "v": "4", "x": "–", "prediction": "3", "y": "–", "error": "2", "loss": "1",
    }  # fmt: skip
    shared = backprop.square(backprop.leaf("w", 3.0, tunable=True), "shared")
    frames = narrate(backprop.square(backprop.multiply(shared, shared, "product"), "loss"))
    table = node_table(frames, len(frames) - 1).set_index("number")
    assert (table["edge"]["shared"], table["edge"]["w"]) == ("3 and 4", "5")
    assert "upstream derivative (edges 3 and 4: 2,916)" in frames[-1].rule  # loss = w⁸, so 4 w⁶ by shared

"""The curves of the loss have the right colours and dashes, stand at the right places and end where they should."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from dashboard.charts import curves
from dashboard.charts.palette import REFERENCE, RUNS, TRAINING, VALIDATION
from tests.dashboard.charts.reading import Chart, axis_title, is_logarithmic, layers, legend, lines, only, scale

TRAINED = [90.0, 30.0, 25.0]
VALIDATED = [95.0, 40.0, 35.0]
REFERENCES = {"predicting the mean": 85.0, "least squares": 22.0}
TITLE = "mean squared error, in ($1000)²"


def history(training: list[float], validation: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"epoch": range(len(training)), "validation_loss": validation, "training_loss": training, "rate": 0.1}
    )


def drawn(chart: Chart, *looks: str) -> dict[tuple[object, ...], list[tuple[float, float]]]:
    """The places (epoch, loss) of each line, by its colour and what else tells it from others."""
    line = only(chart, "line")
    found: dict[tuple[object, ...], list[tuple[float, float]]] = {}
    for *look, x, y in zip(*(line.seen(look) for look in looks), line.seen("x"), line.seen("y"), strict=True):
        found.setdefault(tuple(map(str, look)), []).append((x, y))
    return found


@pytest.mark.parametrize("logarithmic", [True, False])
def test_training_is_a_solid_line_and_validation_a_dashed_one_of_another_colour(logarithmic: bool) -> None:
    chart = curves.losses(history(TRAINED, VALIDATED), TITLE, REFERENCES, logarithmic)
    assert drawn(chart, "color", "strokeDash") == {
        (TRAINING, "[1, 0]"): list(enumerate(TRAINED)),
        (VALIDATION, "[5, 3]"): list(enumerate(VALIDATED)),
    }
    assert legend(chart, "color") == {"training": TRAINING, "validation": VALIDATION}
    assert legend(chart, "strokeDash") == {"training": [1, 0], "validation": [5, 3]}
    assert only(chart, "line").field("color") == only(chart, "line").field("strokeDash")  # one legend for both
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("epoch", TITLE)
    assert (is_logarithmic(chart, "x"), is_logarithmic(chart, "y")) == (False, logarithmic)
    assert only(chart, "line").hints() == {"rows": "rows", "epoch": "epoch", TITLE: "loss"}


def test_a_loss_that_is_unknown_is_left_out() -> None:
    chart = curves.losses(history(TRAINED, [np.nan, 40.0, np.nan]), TITLE, {})
    assert drawn(chart, "color") == {(TRAINING,): list(enumerate(TRAINED)), (VALIDATION,): [(1, 40)]}


@pytest.mark.parametrize(
    ("last", "sides"),
    [
        (25.0, {"predicting the mean": "bottom", "least squares": "top"}),
        (21.0, {"predicting the mean": "bottom", "least squares": "bottom"}),  # a curve runs below the lowest line
    ],
)
def test_references_are_lines_with_names_that_keep_clear_of_the_curves(last: float, sides: Mapping[str, str]) -> None:
    chart = curves.losses(history([*TRAINED, last], [*VALIDATED, 35.0]), TITLE, REFERENCES)
    assert lines(chart, "y") == REFERENCES
    assert {rule.seen("color")[0] for rule in layers(chart, "rule")} == {REFERENCE}
    assert {str(*name.seen("text")): name.mark["baseline"] for name in layers(chart, "text")} == sides


def test_while_a_run_goes_on_its_lines_end_but_the_axes_stay() -> None:
    whole = curves.losses(history(TRAINED, VALIDATED), TITLE, REFERENCES, epochs=200)
    early = curves.losses(history(TRAINED, VALIDATED), TITLE, REFERENCES, epochs=200, until=1)
    assert drawn(early, "color") == {
        (TRAINING,): list(enumerate(TRAINED[:2])),
        (VALIDATION,): list(enumerate(VALIDATED[:2])),
    }
    assert scale(early, "x")["domain"] == [0, 200]
    assert early["layer"] == whole["layer"]
    assert "domain" not in scale(curves.losses(history(TRAINED, VALIDATED), TITLE, {}), "x")


@pytest.mark.parametrize(("highest", "top"), [(90_000.0, None), (90_001.0, 900.0)])
def test_a_loss_that_explodes_leaves_the_picture_so_that_the_others_stay_legible(
    highest: float, top: float | None
) -> None:
    exploded = history([90.0, highest, 80.0], [50.0, 70.0, 60.0])
    alone = curves.losses(exploded, TITLE, {})
    assert scale(alone, "y").get("domainMax") == top
    assert only(alone, "line").mark["clip"]
    training, validation = (curves.overlaid_losses({"a": exploded}, rows, TITLE) for rows in ("training", "validation"))
    assert scale(training, "y").get("domainMax") == top
    assert "domainMax" not in scale(validation, "y")


@pytest.mark.parametrize("references", [REFERENCES, {}], ids=len)
def test_losses_of_single_batches_are_dots_where_their_updates_begin_and_none_lies_far_below_the_lines(
    references: Mapping[str, float],
) -> None:
    lowest = min(*TRAINED, *VALIDATED, *references.values())
    batches = pd.DataFrame(
        {"epoch": [0.0, 0.25, 0.5, 0.75, 1.0], "loss": [100.0, 500.0, math.nan, lowest / 9, lowest / 11]}
    )
    chart = curves.losses(history(TRAINED, VALIDATED), TITLE, references, batches=batches)
    dots = only(chart, "circle")
    seen = list(zip(dots.seen("x"), dots.seen("y"), strict=True))
    assert seen == [(0, 100), (0.25, 500), (0.75, lowest / 9), (1, lowest / 10)]
    assert set(dots.seen("color")) == {TRAINING}
    assert dots.hints() == {"epoch": "epoch", "loss of a batch": "loss"}
    assert axis_title(chart, "y") == TITLE
    assert len(only(curves.losses(history(TRAINED, VALIDATED), TITLE, {}), "circle").rows) == 0
    assert len(only(curves.losses(history([], []), TITLE, {}, batches=batches), "circle").rows) == 0


def test_dots_that_explode_leave_the_picture_even_if_no_epoch_was_completed() -> None:
    batches = pd.DataFrame({"epoch": [0.0, 0.1, 0.2], "loss": [600.0, 1e200, math.inf]})
    chart = curves.losses(history([600.0, math.nan], [500.0, math.nan]), TITLE, REFERENCES, batches=batches)
    assert only(chart, "circle").seen("y") == [600.0, 1e200]
    assert only(chart, "circle").mark["clip"]
    assert scale(chart, "y")["domainMax"] == 6_000


@pytest.mark.parametrize(("rows", "shift"), [("training", 0.0), ("validation", 5.0)])
def test_runs_over_one_another_have_a_look_each_and_show_the_rows_that_are_named(rows: str, shift: float) -> None:
    names = [f"run {number}" for number in range(2 * len(RUNS) + 1)]
    levels = {name: [90.0 - number, 30.0 - number] for number, name in enumerate(names)}
    histories = {name: history(losses, [loss + 5 for loss in losses]) for name, losses in levels.items()}
    chart = curves.overlaid_losses(histories, rows, TITLE)
    seen = drawn(chart, "color", "strokeDash")
    assert list(seen.values()) == [[(0, first + shift), (1, last + shift)] for first, last in levels.values()]
    assert next(iter(seen)) == (RUNS[0], "[1, 0]")
    assert [colour for colour, _ in seen][: len(RUNS)] == list(RUNS)
    assert list(legend(chart, "color")) == list(legend(chart, "strokeDash")) == names
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("epoch", f"{rows} {TITLE}")
    assert is_logarithmic(chart, "y")
    assert only(chart, "line").hints() == {"run": "run", "epoch": "epoch", f"{rows} {TITLE}": "loss"}


def test_within_an_epoch_the_batches_are_dots_and_the_running_average_is_the_line() -> None:
    batches, averages = np.array([8.0, 2.0, 5.0]), np.array([8.0, 5.0, 5.0])
    chart = curves.within_epoch(batches, averages, TITLE)
    dots, line = only(chart, "circle"), only(chart, "line")
    assert dots.seen("x") == line.seen("x") == [1, 2, 3]
    assert dots.seen("y") == list(batches)
    assert line.seen("y") == list(averages)
    assert (dots.seen("color")[0], line.seen("color")[0]) == (TRAINING, REFERENCE)
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("update in the epoch", TITLE)
    assert (is_logarithmic(chart, "x"), is_logarithmic(chart, "y")) == (False, False)
    hints = {"update": "update", "loss of the batch": "loss", "Keras prints": "average"}
    assert dots.hints() == line.hints() == hints


@pytest.mark.parametrize("updates", [1_000, 1_001, 3_000])
def test_of_an_epoch_with_very_many_updates_a_thousand_are_drawn_and_the_last_among_them(updates: int) -> None:
    losses = np.arange(1.0, updates + 1)
    dots = only(curves.within_epoch(losses, -losses, TITLE), "circle")
    assert dots.seen("x") == dots.seen("y")
    assert len(set(dots.seen("x"))) == len(dots.seen("x")) == 1_000
    assert (dots.seen("x")[0], dots.seen("x")[-1]) == (1, updates)

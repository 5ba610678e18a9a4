"""The questions at the end of each lesson: their answers are what numpy finds, and they live in the address alone."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.lessons.points import Points
from dashboard.lessons.questions import Question, digits_to_tell
from dashboard.lessons.stepper import walk
from dashboard.lessons.surfaces import Surface
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from dashboard.views.surface.questions import questions as surface_questions
from pipeline.record.store import Store
from tests.dashboard.views.conftest import OpenPage, is_up
from tests.dashboard.views.descents import Descent
from tests.dashboard.views.independent import Array, Boston, hessian, with_ones
from tests.projects import Project


def answer(app: AppTest, page: str, number: int, chosen: str) -> str:
    """Give an answer, and return what the page says to it."""
    app.pills(key=f"{page}-answer-{number}").set_value(chosen).run()
    assert is_up(app)
    return "\n".join(
        str(said.value) for said in [*app.success, *app.warning] if said.value.startswith(("Right", "No, "))
    )


def rights(app: AppTest, page: str, found: Mapping[int, str]) -> None:
    """Check that the answers `found`, by the number of the question, are called right, one by one."""
    for number, chosen in found.items():
        said = answer(app, page, number, chosen).splitlines()
        assert len(said) == list(found).index(number) + 1
        assert all(line.startswith("Right. ") for line in said), (number, chosen, said)


def test_an_answer_is_explained_whether_right_or_wrong_and_may_come_from_the_address(open_page: OpenPage) -> None:
    app = open_page("backpropagation")
    assert not app.success
    assert not app.warning
    assert answer(app, "backpropagation", 2, "Down").startswith(
        "No, the answer is “Up”. Its gradient is −20: the loss falls"
    )
    again = open_page("backpropagation", backpropagation__answer__2="Up")
    assert again.pills(key="backpropagation-answer-2").value == "Up"
    assert [said.value[:6] for said in again.success] == ["Right."]


def test_an_answer_to_another_question_is_none_to_this_one(open_page: OpenPage) -> None:
    app = open_page("backpropagation")
    rights(app, "backpropagation", {3: "0.2"})
    next(button for button in app.button if button.label == "Update once").click().run()
    assert app.pills(key="backpropagation-answer-3").value is None
    assert not app.warning
    rights(app, "backpropagation", {3: "0.384"})


def test_backpropagation_asks_for_the_chain_rule_and_for_a_new_weight(open_page: OpenPage) -> None:
    rights(open_page("backpropagation"), "backpropagation", {1: "−40", 2: "Up", 3: "0.2"})
    app = open_page("backpropagation", backpropagation__v="3", backpropagation__y="7.5")
    rights(app, "backpropagation", {1: "36", 2: "Up", 3: "3.06"})


def test_one_step_asks_for_the_numbers_of_the_update_that_is_shown(open_page: OpenPage, record: Record) -> None:
    train, weights = record.data.part("train"), record.run.weights.astype(float)
    rows = np.random.default_rng(0).permutation(266)[40:80]
    design, target = np.column_stack([train.features, np.ones(266)])[rows], train.target[rows]
    errors = design @ weights[1] - target
    most = np.abs(weights[2] - weights[1]).argmax()
    twice = weights[1, most] - 2 * 0.01 * (2 * errors @ design / 40)[most]
    found = {1: "4", 2: format_number(errors[0] ** 2, 4), 3: format_number(twice, 5)}
    rights(open_page("step", step__update="2"), "step", found)


def test_the_surface_asks_for_the_next_kernel_the_limit_and_the_gradient_at_the_minimum(open_page: OpenPage) -> None:
    table = Store().download_times().query("split == 'train'")
    x, y = (table[name].to_numpy() for name in ("size_mb", "time_sec"))
    design, at = np.column_stack([x, np.ones(len(x))]), np.array([0.5, 0.1])
    for batch in np.random.default_rng(1).permutation(len(x)).reshape(4, 5)[:3]:
        at = at - 0.02 * 2 * (design[batch] @ at - y[batch]) @ design[batch] / 5
    limit = 2 / np.linalg.eigvalsh(hessian(x[:, np.newaxis]))[-1]
    start = {"surface__start": "Typed", "surface__kernel": "0.5", "surface__bias": "0.1"}
    found = {1: format_number(at[0], 5), 2: format_number(float(f"{0.8 * limit:.2g}"), 15), 3: "It moves away"}
    rights(open_page("surface", **start), "surface", found)
    assert answer(open_page("surface", surface__batch="20"), "surface", 3, "It stays").startswith("Right")
    assert answer(open_page("surface", surface__loss="Absolute error"), "surface", 3, "It doubles").startswith("No, ")


def test_data_asks_for_the_normalized_value_and_the_raw_one(open_page: OpenPage, record: Record) -> None:
    column, train = record.raw["lstat"].to_numpy(), record.data.split.train
    mean, deviation = column[train].mean(), column[train].std()
    found = {
        1: format_number((column[0] - mean) / deviation, 4),
        2: format_number(mean - deviation, 5),
        3: "The training rows",
    }
    rights(open_page("data"), "data", found)


def test_train_asks_whether_momentum_helps_which_rate_is_best_and_which_weights_to_keep(
    open_page: OpenPage, record: Record, recorded: Project
) -> None:
    descent = Descent(recorded.root)
    validation = record.run.history["validation_loss"]
    best = int(validation.iloc[:-1].argmin())
    keep = best if validation[best] < validation.iloc[-1] else 200
    page = open_page("train")
    asked = next(str(each.label) for each in page.pills if "the momentum is 0.9" in each.label)
    rate = float(re.findall(r"converge at a learning rate of ([\d.]+) if", asked)[0])
    steepest = np.linalg.eigvalsh(hessian(record.data.part("train").features))[-1]
    grows = abs(np.roots([1, rate * steepest - 1.9, 0.9])).max()  # of the distance, from one update to the next
    options = page.pills(key="train-answer-2").options
    with np.errstate(over="ignore", invalid="ignore"):  # the largest rate diverges
        ends = [np.median(descent.ends([0, 1, 2], float(rate))) for rate in options]
    suits = options[int(np.nanargmin(ends))]
    found = {1: "It converges" if grows < 1 else "It diverges", 2: suits, 3: f"Those after epoch {keep}"}
    rights(page, "train", found)


def test_seeds_asks_which_batches_make_so_much_noise_and_what_makes_test_errors_differ(
    open_page: OpenPage, recorded: Project
) -> None:
    seeds = list(range(8))
    same = _test_errors(Descent(recorded.root), seeds)
    other = [_test_errors(Descent(recorded.root, Boston(recorded.root, seed)), [seed])[0] for seed in seeds]
    most = "Other training rows as well" if np.std(other) > np.std(same) else "Another random start and order"
    app = open_page("seeds")
    rights(app, "seeds", {1: "They are equal", 2: "1", 3: most})
    spreads = f"{np.std(same, ddof=1):.2g} on the same training rows and {np.std(other, ddof=1):.2g} with others"
    assert spreads in app.success[-1].value


def _test_errors(descent: Descent, seeds: list[int]) -> Array:
    """The test mean squared errors of runs of the recorded settings with these seeds."""
    features, target = descent.boston.part("test")
    weights = descent.weights(seeds, descent.settings["learning_rate"])
    errors: Array = ((weights @ with_ones(features).T - target) ** 2).mean(axis=1)
    return errors


@pytest.mark.parametrize("state", ["hidden", "diverged", "own"])
def test_every_lesson_has_questions_on_every_kind_of_run(
    open_page: OpenPage, states: dict[str, Path], state: str
) -> None:
    for page in ("surface", "step", "backpropagation", "data", "train", "seeds"):
        asked = [each for each in open_page(page, states[state]).pills if each.key and "-answer-" in each.key]
        assert len(asked) >= 2, page
        assert all(len(each.options) >= 2 for each in asked), page


def test_a_mistake_that_leads_to_the_right_number_is_no_answer_of_its_own() -> None:
    asked = Question.numeric("?", 2.0, (2.0000001, -3.0, np.inf, np.nan), "so")
    assert asked.answers == ("−3", "2")
    assert asked.right == "2"


def test_a_count_is_written_with_all_its_digits_and_a_question_with_one_answer_is_not_asked(
    open_page: OpenPage,
) -> None:
    assert Question.numeric("?", 16_512, (1,), "so", 15).answers == ("1", "16,512")
    app = open_page("backpropagation", backpropagation__v="2.5")  # the minimum: the gradient is 0
    asked = [each.label for each in app.pills]
    assert len(asked) == 2
    assert asked[1].startswith("2. In which direction should v move")
    rights(app, "backpropagation", {1: "40", 2: "It should stay"})


@pytest.mark.parametrize(
    ("level", "difference", "digits"), [(12.374, 7.1, 5), (1.7e9, 1e5, 9), (0.0, 1.0, 5), (5.0, 0.0, 5), (3, np.inf, 5)]
)
def test_a_number_has_the_digits_that_its_distance_needs(level: float, difference: float, digits: int) -> None:
    assert digits_to_tell(level, difference) == digits


@pytest.mark.parametrize(
    ("scatter", "scale", "right"),
    [(0.0, 1.0, "It stays"), (0.3, 1.0, "It moves away"), (0.3, 1e-9, "It moves away"), (0.0, 1e9, "It stays")],
)
def test_only_where_the_line_goes_through_all_points_do_small_batches_stay_at_the_minimum(
    record: Record, scatter: float, scale: float, right: str
) -> None:
    x = np.linspace(1e5, 1e6, 20)
    y = (3e-6 * x + 7 + scatter * np.sin(x)) * scale
    points = Points("x", "y", "", "", x, y, x, y)
    settings = record.training.settings.model_copy(update={"batch_size": 2, "learning_rate": 1e-13})
    taken = walk(Surface.of(x, y, "mse"), (0.0, 0.0), settings, 1)
    *_, last = surface_questions(points, taken, settings)
    assert last.right == right


def test_with_momentum_the_weight_of_the_question_is_that_of_the_rule(
    open_page: OpenPage, with_momentum: Project
) -> None:
    run, descent = with_momentum.store.read_run().weights.astype(float), Descent(with_momentum.root)
    most = np.abs(run[2] - run[1]).argmax()
    rows = np.random.default_rng(0).permutation(266)[40:80]
    errors = descent.design[rows] @ run[1] - descent.target[rows]
    step = 0.01 * (2 * errors @ descent.design[rows] / len(rows))[most]
    # With Nesterov's look-ahead a longer step along the gradient counts once itself, and once as velocity.
    found = {3: format_number(float(run[2, most]) - 1.9 * step, 5)}
    app = open_page("step", with_momentum.root, step__update="2")
    rights(app, "step", found)

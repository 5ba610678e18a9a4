"""Which runs a sweep has, what is refused, and how the runs are shared out."""

import pytest

from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.sweep.chunks import MAX_CHUNKS, SECONDS, cut, estimated_seconds
from pipeline.sweep.grid import Grid, Value
from tests.defaults import defaults


def grid(*texts: str) -> Grid:
    return Grid.of(defaults().train, texts)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("train.seed=3..6", (3, 4, 5, 6)),
        ("train.seed=7..7", (7,)),
        ("train.learning_rate=0.001..0.1:log:3", (0.001, 0.01, 0.1)),
        ("train.learning_rate=1e-3..3e-3:3", (0.001, 0.002, 0.003)),
        ("train.learning_rate = 0.1, 0.02, 0.10", (0.1, 0.02)),
        ("train.batch_size=1..100:log:5", (1, 3, 10, 32, 100)),
        ("train.epochs=1..3:9", (1, 2, 3)),
        ("train.momentum=0..0.9:2", (0.0, 0.9)),
        ("train.model=linear,two_hidden", ("linear", "two_hidden")),
        ("train.nesterov=true,false", (True, False)),
    ],
)
def test_a_text_names_the_values_of_a_setting(text: str, values: tuple[Value, ...]) -> None:
    axis = grid(text).axes[0]
    assert axis.values == values
    assert {type(value) for value in axis.values} == {Train.model_fields[axis.setting].annotation or str} or isinstance(
        values[0], str
    )
    assert axis.log == ("log" in text)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "nothing varies"),
        (["train.learning_rate=0.1..0.01:log:3"], "is empty, because 0.1 is above 0.01"),
        (["train.seed=5..4"], "is empty, because 5 is above 4"),
        (["train.learning_rate=nan..1:3"], "train.learning_rate=nan..1:3 begins at nan; expected a finite number"),
        (["train.learning_rate=0.1..inf:3"], "ends at inf; expected a finite number"),
        (["train.learning_rate=0.1,inf"], "train.learning_rate is inf; expected a number above 0"),
        (["train.learning_rate=0..1:log:3"], "not above 0, which no logarithmic scale has"),
        (["train.learning_rate=0.1..0.2"], "does not say how many values"),
        (["train.learning_rate=0.1..0.2:1"], "fewer than 2 values"),
        (["train.seed=0..0.5"], "train.seed=0..0.5 ends at 0.5; expected a whole number"),
        (["train.seed=..3"], "begins at nothing; expected a finite number"),
        (["train.learning_rate=-1"], "train.learning_rate is -1; expected a number above 0"),
        (["train.momentum=0.9..1:3"], "train.momentum is 1.0; expected a number from 0 and below 1"),
        (["train.model=linear,cubic"], "train.model is 'cubic'; expected one of linear, one_hidden, two_hidden"),
        (["train.seed=0..100000"], "that makes 100,001 runs; a sweep has from 1 to 100,000"),
        (["train.seed=0..999", "train.epochs=1..1000"], "that makes 1,000,000 runs"),
        (["train.learning_rate=1..2:99999999999999999"], "that makes 99,999,999,999,999,999 runs"),
        (["train.seed=1", "train.seed=2"], "is set twice"),
        (["train.seed"], "train.seed has no values"),
        (["seed=1"], "'seed' is no setting that can vary; expected one of train.model,"),
        (["train.depth=1"], "'train.depth' is no setting that can vary"),
        (["normalize.seed=0..3"], "dvc exp run --queue -S 'normalize.seed=...'"),
    ],
    ids=str,
)
def test_what_makes_no_sweep_is_refused_in_a_sentence(texts: list[str], said: str) -> None:
    with pytest.raises(UserError) as refusal:
        grid(*texts)
    assert said in str(refusal.value)


def test_the_last_setting_varies_first_and_all_else_is_as_in_params_yaml() -> None:
    runs = grid("train.learning_rate=0.1,0.2", "train.seed=5..7")
    assert [runs.values(run) for run in range(runs.count)] == [(r, s) for r in (0.1, 0.2) for s in (5, 6, 7)]
    changed = {"learning_rate": 0.2, "seed": 6}
    assert runs.settings(4) == defaults().train.model_copy(update=changed)
    assert runs.all("seed") == (5, 6, 7)
    assert runs.all("epochs") == (200,)


def test_each_run_is_in_one_chunk_with_others_that_need_the_same_program() -> None:
    runs = grid("train.learning_rate=0.1,0.2", "train.batch_size=20,40", "train.seed=0..99", "train.model=linear")
    chunks = cut(runs, 266, 12)
    assert sorted(run for chunk in chunks for run in chunk) == list(range(400))
    batches = [{runs.settings(run).batch_size for run in chunk} for chunk in chunks]
    assert all(len(sizes) == 1 for sizes in batches)
    assert batches == sorted(batches, key=min)
    longest = max(sum(estimated_seconds(runs.settings(run), 266, 12) for run in chunk) for chunk in chunks)
    assert SECONDS / 2 < longest <= SECONDS


def test_a_long_sweep_has_a_limited_number_of_chunks_and_a_long_run_one_of_its_own() -> None:
    assert len(cut(grid("train.seed=0..29999"), 266, 12)) <= MAX_CHUNKS + 1
    assert cut(grid("train.epochs=10000", "train.seed=0..2"), 266, 12) == [[0], [1], [2]]

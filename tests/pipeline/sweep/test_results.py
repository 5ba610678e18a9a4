"""The table of a sweep: in the order of the grid, whoever finished what first, and with nothing lost on the way."""

from pathlib import Path

import pytest

from pipeline.safety.errors import UserError
from pipeline.sweep.grid import Grid
from pipeline.sweep.results import Outcome, Results, Sweep, check_name, code_version, finished, read_sweep, score_names
from tests.defaults import defaults

CHUNKS = [[0, 3], [1, 4], [2, 5]]


def sweep(*texts: str) -> Sweep:
    texts = texts or ("train.learning_rate=0.1,0.2", "train.seed=5..7")
    grid = Grid.of(defaults().train, texts)
    return Sweep(grid=grid, normalize=defaults().normalize, raw_sha256="0" * 64, code=code_version())


def outcome(run: int) -> Outcome:
    scores = dict.fromkeys(score_names(), run + 0.5)
    return Outcome("completed", 200, float(run), None, 100 + run, run + 0.25, scores)


def keep(results: Results, *numbers: int) -> None:
    for number in numbers:
        results.keep(number, [outcome(run) for run in CHUNKS[number]])


def test_the_order_in_which_chunks_are_finished_leaves_no_trace(tmp_path: Path) -> None:
    tables = []
    for place, order in (("one", (0, 1, 2)), ("other", (2, 0, 1))):
        results = Results(tmp_path / place, sweep(), None, CHUNKS)
        keep(results, *order)
        table = results.merge()
        tables.append(next(finished(tmp_path / place)).read_bytes())
        assert table["training_loss"].to_pylist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
        assert table["seed"].to_pylist() == [5, 6, 7, 5, 6, 7]
        assert table["learning_rate"].to_pylist() == [0.1] * 3 + [0.2] * 3
        assert [path.name for path in (tmp_path / place / "data" / "sweeps").iterdir()] == [
            f"{sweep().key[:7]}.parquet"
        ]
    assert tables[0] == tables[1]


def test_a_sweep_that_goes_on_lacks_the_chunks_that_are_not_there_or_damaged(tmp_path: Path) -> None:
    results = Results(tmp_path, sweep(), "mine", CHUNKS)
    keep(results, 0, 1)
    damaged = next((tmp_path / "data" / "sweeps").glob("*.unfinished/1.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:-100])
    again = Results(tmp_path, sweep(), "another", CHUNKS)
    assert not again.is_whole()
    assert again.missing() == {1: [1, 4], 2: [2, 5]}
    keep(again, 1, 2)
    again.merge()
    assert again.is_whole()
    assert read_sweep(tmp_path / "data" / "sweeps" / "another.parquet")[0] == sweep()


def test_a_name_belongs_to_one_sweep(tmp_path: Path) -> None:
    results = Results(tmp_path, sweep(), "mine", CHUNKS)
    keep(results, 0, 1, 2)
    results.merge()
    with pytest.raises(UserError, match=r"data/sweeps/mine.parquet holds a sweep with other settings, rows or code"):
        Results(tmp_path, sweep("train.seed=0..5"), "mine", CHUNKS).is_whole()
    (tmp_path / "data" / "sweeps" / "mine.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"mine.parquet is not the table of a sweep"):
        results.is_whole()


def test_what_params_yaml_has_for_a_varied_setting_makes_no_other_sweep() -> None:
    texts = ["train.seed=0..3"]
    other = defaults().train.model_copy(update={"seed": 9})
    assert Grid.of(defaults().train, texts) == Grid.of(other, texts)
    assert sweep("train.seed=0..3").key != sweep("train.seed=0..4").key


@pytest.mark.parametrize("name", ["", "../mine", "a/b", ".hidden", "-x", "a b", "x" * 61])
def test_a_name_that_would_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="cannot name a sweep"):
        check_name(name)

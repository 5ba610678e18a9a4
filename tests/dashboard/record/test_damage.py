"""Recorded files cut short, flipped, replaced: what is wrong is said in a sentence, and nothing is raised."""

import shutil
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.record.reading import Records
from dashboard.record.snapshot import Snapshot
from pipeline.record import store
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from pipeline.tables.store import DOWNLOAD_TIMES, NORMALIZED, RAW, SCALING, SPLIT, TFJS_SPLIT
from tests.faults import damage
from tests.projects import Project

GUARDED = (store.WEIGHTS, store.HISTORY, store.PREDICTIONS)
"""Whose hash training.json tells."""

READ = (RAW, NORMALIZED, SPLIT, SCALING, store.TRAINING, store.METRICS, *GUARDED)
TIED = (RAW, NORMALIZED, SPLIT, *GUARDED)
"""What another file or a hash holds to its content: no number of it can change unnoticed."""


@pytest.fixture
def place(recorded: Project, tmp_path: Path) -> Store:
    """A copy of what was recorded, without the code and the history."""
    shutil.copytree(recorded.root / "data", tmp_path / "data")
    return Store(tmp_path)


def put(place: Store, name: str, content: bytes) -> Snapshot:
    """Look at what is recorded with a file's content replaced."""
    (place.root / name).write_bytes(content)
    return Records(place.root).snapshot()


def check_sentence(snapshot: Snapshot) -> None:
    """Nothing is shown then, and it is said why and what to do, in one line."""
    assert snapshot.record is None
    assert snapshot.problem is not None
    assert snapshot.problem.isprintable()
    assert "dvc repro" in snapshot.problem
    assert "data/" in snapshot.problem


def contents(snapshot: Snapshot) -> list[Any]:
    """All that a snapshot shows of the recorded tables and the run, as values that can be compared."""
    record = snapshot.record
    assert record is not None
    data, run = record.data, record.run
    split = {part: rows.tolist() for part, rows in data.split.parts().items()}
    tables = [record.raw.to_csv(), run.history.to_csv(), record.predictions().to_csv()]
    return [*tables, data.features().tolist(), data.target.tolist(), split, run.epochs.tolist(), run.weights.tolist()]


def check_sentence_unless_same(snapshot: Snapshot, shown: list[Any]) -> None:
    """Either the damage is reported, or every number is what it was."""
    if snapshot.problem is not None:
        check_sentence(snapshot)
    else:
        assert contents(snapshot) == shown


@pytest.mark.parametrize("name", READ)
def test_a_file_cut_short_or_replaced_by_garbage_is_reported(place: Store, name: str) -> None:
    whole = (place.root / name).read_bytes()
    for content in (*islice(damage.truncations(whole, 21), 20), *damage.garbage()):
        check_sentence(put(place, name, content))
    assert put(place, name, whole).problem is None


@pytest.mark.parametrize("name", TIED)
def test_a_flipped_bit_is_reported_or_changes_nothing_that_is_shown(place: Store, name: str) -> None:
    whole, shown = (place.root / name).read_bytes(), contents(Records(place.root).snapshot())
    for content in damage.flips(whole, 20):
        check_sentence_unless_same(put(place, name, content), shown)


@pytest.mark.parametrize("name", [RAW, NORMALIZED, store.TRAINING])
@pytest.mark.parametrize("kind", damage.no_files())
def test_what_is_no_file_is_reported(place: Store, name: str, kind: str) -> None:
    damage.no_files()[kind](place.root / name)
    snapshot = Records(place.root).snapshot()
    assert snapshot.record is None
    assert Path(name).name in str(snapshot.problem)


def test_a_raw_table_of_another_run_is_reported(place: Store) -> None:
    table = pd.read_csv(place.root / RAW)
    check_sentence(put(place, RAW, table.assign(rm=table["rm"] + 1e-9).to_csv(index=False).encode()))
    check_sentence(put(place, RAW, table.iloc[1:].to_csv(index=False).encode()))
    check_sentence(put(place, RAW, table.drop(columns="rm").to_csv(index=False).encode()))


def test_a_run_info_that_is_broken_is_left_out(place: Store) -> None:
    whole = (place.root / store.RUN_INFO).read_bytes()
    for content in (*damage.truncations(whole), *damage.garbage()):
        assert put(place, store.RUN_INFO, content).problem is None


def test_a_model_that_is_not_the_recorded_one_is_not_handed_out(place: Store) -> None:
    whole = place.read_model()
    for content in (*damage.truncations(whole), *damage.garbage(), *damage.flips(whole, 20)):
        (place.root / store.MODEL).write_bytes(content)
        with pytest.raises(UserError, match=r"data/run/model\.keras is not of the run .*`dvc repro`"):
            place.read_model()


def test_what_other_readers_take_of_data_is_checked_too(place: Store) -> None:
    for name, read in ((TFJS_SPLIT, place.tfjs_test_rows), (DOWNLOAD_TIMES, place.download_times)):
        for content in damage.garbage():
            (place.root / name).write_bytes(content)
            with pytest.raises(UserError, match=r"`dvc repro`"):
                read()

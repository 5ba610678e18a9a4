"""Rows that are computed when asked for: what stands for all of them is drawn from all of them."""

from pathlib import Path
from threading import Thread

import numpy as np
import pandas as pd
import pytest

from dashboard.record.prepared import PreparedRows
from dashboard.record.reading import read_record
from dashboard.record.source import Source, read_prepared
from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import PreparedData, PreparedFile, prepare
from pipeline.tables.store import TableStore
from tests.defaults import defaults
from tests.projects import Project


def rows_of(table: pd.DataFrame) -> PreparedRows:
    """The rows of a table with the target y, unscaled."""
    changes = {"target": "y", "features": ["x"], "split": "random", "scaling": "none"}
    settings = Normalize.model_validate({**defaults().normalize.model_dump(), **changes})
    data = prepare(table, settings, ())
    return PreparedRows(settings, table, data.split, data.encoding, data.scaling, "token")


def test_the_limit_of_a_long_table_does_not_depend_on_the_order_of_its_rows() -> None:
    draw = np.random.default_rng(0)
    spread = np.repeat([0.05, 5.0], [180_000, 20_000])
    table = pd.DataFrame({"x": spread * draw.normal(size=200_000), "y": draw.normal(size=200_000)})
    train = defaults().train.model_copy(update={"batch_size": 4})
    in_order = rows_of(table).stable_rates(train)
    shuffled = rows_of(table.sample(frac=1, random_state=0, ignore_index=True)).stable_rates(train)
    assert in_order is not None
    assert shuffled is not None
    assert in_order.minibatch == pytest.approx(shuffled.minibatch, rel=0.25)
    assert in_order.minibatch < 0.8 * in_order.full_batch


def test_visitors_with_other_settings_at_the_same_time_each_get_their_own_rows(recorded: Project) -> None:
    record = read_record(recorded.store)
    wrong = list[int]()

    def visit(seed: int) -> None:
        settings = record.data.settings.model_copy(update={"seed": seed})
        found = (record.prepared(settings).settings for _ in range(300))
        wrong.extend(seed for other in found if other != settings)

    visitors = [Thread(target=visit, args=(seed,)) for seed in (1, 2)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert not wrong


def test_rows_that_are_replaced_while_a_worker_reads_them_are_not_taken_for_those_asked_for(
    project_copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = project_copy.store
    source = Source(project_copy.root, store.raw_sha256())
    wanted = store.read_scaling().settings
    other = wanted.model_copy(update={"seed": 9})
    expected = store.read_normalized()
    read = TableStore.read_normalized

    def read_late(self: TableStore) -> PreparedData:
        store.normalize(PreparedFile.of(store.open_raw().columns, other, store.tfjs_test_rows()))
        return read(self)

    monkeypatch.setattr(TableStore, "read_normalized", read_late)
    found = read_prepared(source, wanted)
    assert found.settings == wanted
    np.testing.assert_array_equal(found.split.train, expected.split.train)
    np.testing.assert_array_equal(found.features, expected.features)


def test_a_raw_table_that_is_replaced_while_it_is_read_is_refused(
    project_copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = project_copy.store
    source = Source(project_copy.root, store.raw_sha256())
    wanted = store.read_scaling().settings.model_copy(update={"seed": 9})
    read, raw = TableStore.read_raw, Path(project_copy.root, "data", "raw.csv")

    def read_late(self: TableStore) -> pd.DataFrame:
        lines = raw.read_text().splitlines(keepends=True)
        raw.unlink()  # it may be a link into DVC's cache
        raw.write_text("".join(lines[:-1]))
        return read(self)

    monkeypatch.setattr(TableStore, "read_raw", read_late)
    with pytest.raises(UserError, match="no longer the table that this page shows"):
        read_prepared(source, wanted)

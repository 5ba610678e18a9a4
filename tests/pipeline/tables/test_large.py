"""Large tables: streamed through the stages they give the same bytes as in memory, and need little of it."""

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as csv
import pytest

from pipeline.record.store import ROOT, Store
from pipeline.safety.errors import UserError
from pipeline.tables import reading
from pipeline.tables.preparation import PreparedFile, prepare
from pipeline.tables.splits import ROWS_AT_ONCE
from pipeline.tables.store import NORMALIZED, RAW
from tests.tables import mixed, mixed_settings, write_raw

ROWS: Final = 2_000_000
MEGABYTES: Final = 600
"""More than twice what the modules take, and far less than the table would as texts."""

SMALL, LARGE = 2**20, 2**40
"""How many bytes a file on a full disk may have, and on one that is not."""

STAGE: Final = """
import resource, sys
from pathlib import Path
from pipeline.safety.stage import safe_stage
from pipeline.tables.preparation import PreparedFile
from pipeline.tables.store import TableStore
from tests.tables import mixed_settings

store, stage, most = TableStore(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
with safe_stage():
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    if stage == "download":
        store.write_raw(store.open_table("large.csv").columns, "large.csv", "2024-02-29")
    else:
        settings = mixed_settings(target="y", features=["x0", "x1", "x2"], categories=[], missing="refuse")
        store.normalize(PreparedFile.of(store.open_raw().columns, settings, ()))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
"""


SMALL_PARENT: Final = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
"""Linux counts what a parent takes to the largest memory of its child: the tests are a large one."""


def run(root: Path, stage: str, most: int, status: int = 0) -> str:
    """Do what a stage does, in a process whose files may have `most` bytes and whose temporary ones must be gone."""
    temporary = root / "temporary"
    temporary.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", SMALL_PARENT, sys.executable, "-c", STAGE, root, stage, str(most)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert list(temporary.iterdir()) == []
    return done.stdout + done.stderr


def files_in(folder: Path) -> list[str]:
    """The names of the files below a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with large.csv, two million rows in canonical form, the first column of which counts them."""
    root = tmp_path_factory.mktemp("large")
    numbers = np.random.default_rng(0).integers(0, 10**6, (7, ROWS)) / 1000 + 0.0001
    table = pa.table([np.arange(ROWS), *numbers], names=["row", *(f"x{place}" for place in range(6)), "y"])
    with (root / "large.csv").open("wb") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        csv.write_csv(table, file, csv.WriteOptions(include_header=False, quoting_style="none"))
    return root


def test_two_million_rows_are_read_and_normalized_in_order_and_in_little_memory(large: Path) -> None:
    assert float(run(large, "download", LARGE)) < MEGABYTES
    with (large / RAW).open("rb") as raw, (large / "large.csv").open("rb") as given:
        assert all(ours == theirs for ours, theirs in zip(raw, given, strict=True))
    assert float(run(large, "normalize", LARGE)) < MEGABYTES
    target = csv.read_csv(large / "large.csv")["y"].to_numpy()
    np.testing.assert_array_equal(Store(large).read_normalized().target, target)


@pytest.mark.parametrize(("stage", "wrong"), [("download", RAW), ("normalize", NORMALIZED)])
def test_on_a_full_disk_no_file_is_left(tmp_path: Path, large: Path, stage: str, wrong: str) -> None:
    for place in ("large.csv", RAW):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).symlink_to(large / "large.csv")
    said = run(tmp_path, stage, SMALL, status=1)
    assert said.startswith(f"error: cannot write {wrong}, ")
    assert said.endswith("is the disk full or read-only?\n")
    assert files_in(tmp_path) == ["large.csv", "raw.csv"]


def test_a_text_that_is_written_anew_is_gone_after_a_refusal(tmp_path: Path, large: Path) -> None:
    text = (large / "large.csv").read_bytes()[: 2**24]
    (tmp_path / "large.csv").write_bytes(
        text[: text.rindex(b"\n")].replace(b"\n", b"\r\n") + b"\r\n1,2,3,4,5,6,7,8,9\r\n"
    )
    lines = text.count(b"\n") + 1
    assert f"large.csv, line {lines} has 9 cells; the table has 8 columns" in run(tmp_path, "download", LARGE, status=1)
    assert files_in(tmp_path) == ["large.csv"]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Store]:
    """A table of mixed kinds with more rows than are taken at once, and where it is kept as data/raw.csv."""
    table, store = mixed(2 * ROWS_AT_ONCE + 1_000), Store(tmp_path_factory.mktemp("kinds"))
    write_raw(store, table)
    return table, store


@pytest.mark.parametrize("changes", [{}, {"missing": "drop_rows"}, {"statistics_from": "train_and_validation_rows"}])
def test_a_table_that_is_streamed_is_normalized_as_in_memory_to_the_byte(
    kinds: tuple[pd.DataFrame, Store], changes: dict[str, Any]
) -> None:
    settings, store = mixed_settings(**changes), kinds[1]
    store.normalize(PreparedFile.of(store.open_raw().columns, settings, ()))
    streamed, in_memory = store.read_normalized(), prepare(store.read_raw(), settings, ())
    assert (streamed.settings, streamed.encoding) == (in_memory.settings, in_memory.encoding)
    for one, other in (
        (streamed.features, in_memory.features),
        (streamed.target, in_memory.target),
        (streamed.scaling.mean, in_memory.scaling.mean),
        (streamed.scaling.deviation, in_memory.scaling.deviation),
        (streamed.split.places(), in_memory.split.places()),
    ):
        assert one.tobytes() == other.tobytes()


def test_what_is_measured_block_by_block_is_what_two_passes_over_all_rows_measure(
    kinds: tuple[pd.DataFrame, Store],
) -> None:
    table = kinds[0].assign(far=np.random.default_rng(0).normal(1e6, 1, len(kinds[0])))
    data = prepare(table, mixed_settings(features=["area", "far"], categories=[], missing="drop_rows"), ())
    seen = table.dropna(subset=["price", "area"])[["area", "far"]].to_numpy()[data.split.train]
    np.testing.assert_allclose(data.scaling.mean, [math.fsum(column) / len(seen) for column in seen.T], rtol=1e-11)
    spread = [math.sqrt(math.fsum((column - column.mean()) ** 2) / len(seen)) for column in seen.T]
    np.testing.assert_allclose(data.scaling.deviation, spread, rtol=1e-11)


def test_a_parquet_file_in_row_groups_is_read_as_its_table(tmp_path: Path) -> None:
    table = mixed(30_000).assign(whole=range(30_000), small=np.float32(0.1))
    table.to_parquet(tmp_path / "a.parquet", row_group_size=7_000)
    found = reading.open_table(tmp_path / "a.parquet", "a.parquet")
    expected = table.assign(whole=table["whole"].astype(float), small=0.1)
    pd.testing.assert_frame_equal(found.read().table, expected, check_exact=True)
    blocks = list(found.columns.blocks(4_096))
    assert [len(block) for block in blocks] == [4_096] * 7 + [1_328]
    pd.testing.assert_frame_equal(pd.concat(blocks), expected, check_exact=True)


def test_a_file_that_lost_rows_since_it_was_opened_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    lines = ["a,b", *(f"{row},{row / 4}" for row in range(70_000))]
    path.write_text("\n".join(lines) + "\n")
    opened = reading.open_raw(path, "numbers.csv")
    path.write_text("\n".join(lines[:40_001]) + "\n")
    with pytest.raises(UserError, match="the table had 70,000 rows and now has 40,000"):
        opened.read()

"""Tables in row groups, of which a part is read without the others."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.safety.errors import UserError
from pipeline.tables.blocks import (
    PartOnDisk,
    check_row_groups,
    fits_in_memory,
    raw_order,
    row_groups,
    write_row_groups,
)
from pipeline.tables.splits import PARTS, ROWS_AT_ONCE, SplitRule

ROWS = 2 * ROWS_AT_ONCE + 1_000
RULE = SplitRule(ROWS, 3, 0.3, 0.2)
TABLE = pa.table({"a": np.arange(ROWS, dtype=float), "b": -np.arange(ROWS, dtype=float), "y": np.arange(ROWS) / 7})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table in its row groups."""
    path = tmp_path_factory.mktemp("blocks") / "table.parquet"
    write_row_groups(path, row_groups(TABLE, RULE), {"of": "run"})
    return path


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_read_block_by_block_with_its_rows_in_order(path: Path, name: str) -> None:
    part = PartOnDisk(path, name, RULE.sizes[name], ("a", "b", "y"), RULE.blocks)
    rows = RULE.listed().parts()[name]
    blocks = list(part.each())
    assert len(blocks) == 3
    np.testing.assert_array_equal(np.concatenate([block.features for block in blocks]), np.column_stack([rows, -rows]))
    np.testing.assert_array_equal(np.concatenate([block.target for block in blocks]), rows / 7)
    backwards = list(part.each([2, 1, 0]))
    np.testing.assert_array_equal(backwards[0].target, blocks[2].target)
    np.testing.assert_array_equal(part.block(1).features, blocks[1].features)


def test_the_whole_table_is_put_back_into_its_order(path: Path) -> None:
    found = pq.read_table(path)
    assert found.schema.metadata == {b"of": b"run"}
    np.testing.assert_array_equal(found["a"].to_numpy()[raw_order(RULE, ROWS)], np.arange(ROWS))


def test_row_groups_that_are_written_in_pieces_are_the_same(path: Path, tmp_path: Path) -> None:
    pieces = [TABLE.slice(block * ROWS_AT_ONCE, ROWS_AT_ONCE) for block in range(RULE.blocks)]
    groups = (group for block, piece in enumerate(pieces) for group in row_groups(piece, RULE, block))
    write_row_groups(tmp_path / "again.parquet", groups, {"of": "run"})
    assert (tmp_path / "again.parquet").read_bytes() == path.read_bytes()


def test_a_file_with_other_columns_or_rows_is_named(path: Path, tmp_path: Path) -> None:
    numbers = dict.fromkeys(("a", "b", "y"), pa.float64())
    check_row_groups(path, "table.parquet", numbers, RULE)
    with pytest.raises(UserError, match=r"table.parquet does not have the columns a, b; delete it"):
        check_row_groups(path, "table.parquet", {"a": pa.float64(), "b": pa.float64()}, RULE)
    with pytest.raises(UserError, match=r"does not have the 263,145 rows that were split"):
        check_row_groups(path, "table.parquet", numbers, SplitRule(ROWS + 1, 3, 0.3, 0.2))
    with pytest.raises(UserError, match=r"does not have the 263,144 rows that were split, in their parts"):
        check_row_groups(path, "table.parquet", numbers, SplitRule(ROWS, 4, 0.3, 0.2))
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="is not a Parquet file"):
        check_row_groups(cut, "table.parquet", numbers, RULE)


def test_a_table_of_a_few_million_rows_fits_into_memory_and_a_larger_one_does_not() -> None:
    assert fits_in_memory(2_000_000, 13)
    assert not fits_in_memory(10_000_000, 13)

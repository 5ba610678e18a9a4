"""Tables in Parquet files, row group by row group: what does not fit into memory is never there whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.params import Normalize
from pipeline.safety.files import broken
from pipeline.tables.encoding import Encoding
from pipeline.tables.preparation import Normalized, Rows
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import PARTS, ROWS_AT_ONCE, SplitRule

MAX_IN_MEMORY: Final = 2**25
"""The most numbers of a table that is taken into memory as a whole: 2.6 million rows of 13."""


def fits_in_memory(rows: int, columns: int) -> bool:
    """Whether a table of this size is taken into memory as a whole."""
    return rows * columns <= MAX_IN_MEMORY


def row_groups(table: pa.Table, rule: SplitRule | None, first_block: int = 0) -> Iterator[pa.Table]:
    """Cut a table (rows, columns) into the row groups of its file, which begin with this block of the whole table.

    Where a rule splits the rows, each block of `ROWS_AT_ONCE` rows becomes a row group for each part, in the order of
    `PARTS`, so that a part can be read without the others; one of them may be empty. Otherwise there is one.
    """
    if rule is None:
        yield table
        return
    for number in range(-(-table.num_rows // ROWS_AT_ONCE)):
        block = table.slice(number * ROWS_AT_ONCE, ROWS_AT_ONCE)
        places = rule.places(first_block + number)
        for place in range(len(PARTS)):
            yield block.filter(pa.array(places == place))


def raw_order(rule: SplitRule | None, rows: int) -> NDArray[np.int64]:
    """Where each row (rows,) of the whole table, in its order, stands in a file of such row groups."""
    if rule is None:
        return np.arange(rows)
    places = rule.places()
    groups = np.arange(rows) // ROWS_AT_ONCE * len(PARTS) + places
    order = np.empty(rows, np.int64)
    order[np.argsort(groups, kind="stable")] = np.arange(rows)
    return order


def write_row_groups(path: Path, groups: Iterable[pa.Table], note: dict[str, str] | None = None) -> None:
    """Write tables of the same columns as the row groups of a Parquet file, with a note beside its schema.

    Nothing is compressed, and there are no dictionaries, whose bytes depend on the library's version and the processor.
    With a note there are checksums as well, by which `read_row_groups` finds what is damaged.
    """
    tables = iter(groups)
    first = next(tables)
    schema, checked = first.schema.with_metadata(note), note is not None
    with pq.ParquetWriter(
        path, schema, compression="none", use_dictionary=False, write_page_checksum=checked
    ) as writer:
        for table in chain([first], tables):
            writer.write_table(table.replace_schema_metadata(note), row_group_size=max(1, table.num_rows))


def read_row_groups(
    path: Path,
    name: str,
    columns: Mapping[str, pa.DataType],
    part: str | None = None,
    only: Sequence[str] | None = None,
) -> pa.Table:
    """Read a file of row groups that has these columns: all groups, or those of one part where a rule made them.

    Of all columns `only` some may be read.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            groups = range(file.num_row_groups)
            found = file.schema_arrow
            table = file.read_row_groups(groups if part is None else groups[PARTS.index(part) :: len(PARTS)], only)
            table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise broken(name, f"is not a Parquet file ({error})") from None
    if dict(zip(found.names, found.types, strict=True)) != dict(columns):
        raise broken(name, f"does not have the columns {', '.join(columns)}")
    return table


def check_row_groups(path: Path, name: str, columns: Mapping[str, pa.DataType], rule: SplitRule) -> None:
    """Raise `BrokenFileError` unless a file has these columns, and the row groups that the rule makes."""
    try:
        found = pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise broken(name, f"is not a Parquet file ({error})") from None
    schema = found.schema.to_arrow_schema()
    if dict(zip(schema.names, schema.types, strict=True)) != dict(columns):
        raise broken(name, f"does not have the columns {', '.join(columns)}")
    sizes = [found.row_group(group).num_rows for group in range(found.num_row_groups)]
    drawn = (np.bincount(rule.places(block), minlength=len(PARTS)) for block in range(rule.blocks))
    if sizes != [int(size) for block in drawn for size in block]:
        raise broken(name, f"does not have the {rule.rows:,} rows that were split, in their parts")


@dataclass(frozen=True)
class PartOnDisk:
    """The rows of one part of a table that does not fit into memory: read block by block."""

    path: Path
    name: str
    rows: int
    columns: tuple[str, ...]
    blocks: int

    @property
    def inputs(self) -> int:
        """How many inputs of the model a row has."""
        return len(self.columns) - 1

    def block(self, number: int) -> Rows:
        """Read the rows that one block has of this part, in the order of the table."""
        return self._rows(self._file, number)

    def each(self, order: Iterable[int] | None = None) -> Iterator[Rows]:
        """Read all blocks one after the other, in this order (blocks,)."""
        for number in range(self.blocks) if order is None else order:
            yield self._rows(self._file, int(number))

    @cached_property
    def _file(self) -> pq.ParquetFile:
        return pq.ParquetFile(self.path)

    def _rows(self, file: pq.ParquetFile, number: int) -> Rows:
        try:
            group = file.read_row_group(number * len(PARTS) + PARTS.index(self.name), use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise broken(self.path.name, f"is not a Parquet file ({error})") from None
        columns = [group[name].to_numpy() for name in self.columns]
        features = np.empty((group.num_rows, self.inputs))
        for place, column in enumerate(columns[:-1]):
            features[:, place] = column
        return Rows(features, columns[-1])


@dataclass(frozen=True)
class DataOnDisk(Normalized):
    """A normalized table that does not fit into memory, with what `PreparedData` says of one that does."""

    path: Path
    settings: Normalize
    split: SplitRule
    encoding: Encoding
    scaling: Scaling

    def part(self, name: str) -> PartOnDisk:
        """The rows of one part: train, validation or test."""
        return PartOnDisk(self.path, name, self.sizes[name], (*self.names, self.target_name), self.split.blocks)

    def blocks(self, name: str) -> Iterator[Rows]:
        """Read the rows of one part, block by block."""
        return self.part(name).each()

    def take(self, rows: NDArray[np.int64]) -> tuple[Rows, NDArray[np.int8]]:
        """Read these rows of the table, whose numbers (rows,) ascend, and the part of each, as its place in `PARTS`."""
        features, target = np.empty((len(rows), len(self.names))), np.empty(len(rows))
        places = np.empty(len(rows), np.int8)
        parts = [self.part(name) for name in PARTS]
        for block in range(self.split.blocks):
            wanted = np.flatnonzero(rows // ROWS_AT_ONCE == block)
            all_places = self.split.places(block)
            within = rows[wanted] - block * ROWS_AT_ONCE
            places[wanted] = all_places[within]
            for place, part in enumerate(parts):
                mine = places[wanted] == place
                if mine.any():
                    found, at = part.block(block), (np.cumsum(all_places == place) - 1)[within[mine]]
                    features[wanted[mine]], target[wanted[mine]] = found.features[at], found.target[at]
        return Rows(features, target), places

"""Columns whose kinds are known and whose cells are still in their file: read whole, in blocks, or as lines of CSV."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.safety.errors import UserError
from pipeline.tables import canonical
from pipeline.tables.cells import DTYPES, Kind
from pipeline.tables.engine import ROWS_GIVEN
from pipeline.tables.scratch import Scratch


@dataclass(frozen=True)
class Form:
    """The kind of a column, how the view `cells` gives its values, in SQL, and how many cells are no gap."""

    kind: Kind
    sql: str
    filled: int


@dataclass(frozen=True)
class Typed:
    """The columns of a table by their names, in order, and how many rows it has; its file may be in `scratch`."""

    connection: duckdb.DuckDBPyConnection
    forms: Mapping[str, Form]
    rows: int
    scratch: Scratch

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each column, by its name."""
        return {name: form.kind for name, form in self.forms.items()}

    @property
    def has_gaps(self) -> bool:
        """Whether a cell of any column is missing."""
        return any(form.filled < self.rows for form in self.forms.values())

    def renamed(self, names: Callable[[str], str]) -> "Typed":
        """The same columns under other names."""
        return replace(self, forms={names(name): form for name, form in self.forms.items()})

    def only(self, names: Sequence[str]) -> "Typed":
        """Some of the columns, in this order."""
        return replace(self, forms={name: self.forms[name] for name in names})

    def table(self) -> pd.DataFrame:
        """Read all rows: (rows, columns), of the dtypes float64, boolean, datetime64 and str."""
        if self.rows > ROWS_GIVEN and set(self.kinds.values()) == {"number"}:  # which are in memory once then
            numbers, count = np.empty((self.rows, len(self.forms)), order="F"), 0
            for block in self.blocks(ROWS_GIVEN):
                count += len(block)
                if count <= self.rows:
                    numbers[count - len(block) : count] = block.to_numpy()
            if count != self.rows:
                raise UserError(f"the table had {self.rows:,} rows and now has {count:,}; try again once it is written")
            return pd.DataFrame(numbers, columns=list(self.forms), copy=False)
        with _as_sentences():
            return self._framed(self._select().df())

    def blocks(self, rows: int, whole: Sequence[str] = ()) -> Iterator[pd.DataFrame]:
        """Read block by block: (rows, columns), the last of fewer rows, numbered from 0 through all of them.

        Rows in which one of the columns `whole` is a gap are left out.
        """
        first, held, count = 0, list[pa.RecordBatch](), 0
        with _as_sentences():
            for batch in self._select(whole).to_arrow_reader(min(rows, ROWS_GIVEN)):
                held.append(batch)
                count += len(batch)
                while count >= rows:
                    last = held.pop()
                    cut = len(last) - (count - rows)
                    held.append(last[:cut])
                    yield self._block(held, first)
                    first, held, count = first + rows, [last[cut:]], count - rows
            if count:
                yield self._block(held, first)

    def lines(self) -> Iterator[bytes]:
        """Write all rows in canonical form, in pieces of many lines."""
        with _as_sentences():
            yield from canonical.pieces(self._select(), self.kinds)

    def _select(self, whole: Sequence[str] = ()) -> duckdb.DuckDBPyRelation:
        columns = ", ".join(f"{form.sql} AS v{place}" for place, form in enumerate(self.forms.values()))
        cells = self.connection.view("cells")
        if whole:
            cells = cells.filter(" AND ".join(f"({self.forms[name].sql}) IS NOT NULL" for name in whole))
        return cells.project(columns)

    def _block(self, batches: list[pa.RecordBatch], first: int) -> pd.DataFrame:
        """Put batches together, which are then gone."""
        table = self._framed(pa.Table.from_batches(batches).to_pandas())
        batches.clear()
        return table.set_axis(range(first, first + len(table)), axis=0)

    def _framed(self, table: pd.DataFrame) -> pd.DataFrame:
        dtypes = {column: DTYPES[form.kind] for column, form in zip(table, self.forms.values(), strict=True)}
        return table.astype(dtypes).set_axis(list(self.forms), axis=1)


@contextlib.contextmanager
def _as_sentences() -> Iterator[None]:
    """Say in a sentence what happens to a file that could be read before."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except duckdb.Error as error:
        raise UserError(f"the table cannot be read any more ({str(error).splitlines()[0]}); was it changed?") from None

"""The canonical form of a table, written from DuckDB in pieces."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import duckdb
import pyarrow as pa

from pipeline.tables.cells import Kind
from pipeline.tables.engine import ROWS_GIVEN

_FORMS: Final[dict[Kind, str]] = {
    "number": "CASE WHEN suffix({}::VARCHAR, '.0') THEN left({}::VARCHAR, -2) ELSE {}::VARCHAR END",
    "yes_no": "{}::VARCHAR",
    "date": "CASE WHEN {}::TIME = '00:00:00' THEN {}::DATE::VARCHAR ELSE {}::VARCHAR END",
    "text": """CASE WHEN regexp_matches({}, '[,"\n\r]') THEN '"' || replace({}, '"', '""') || '"' ELSE {} END""",
}


def pieces(rows: duckdb.DuckDBPyRelation, kinds: Mapping[str, Kind]) -> Iterator[bytes]:
    """Write a table in pieces of many lines: `rows` (rows, columns) with columns of these names and kinds."""
    yield (",".join(map(_quoted, kinds)) + "\n").encode()
    cells = [
        f"coalesce({_FORMS[kind].replace('{}', column)}, '')"
        for column, kind in zip(rows.columns, kinds.values(), strict=True)
    ]
    lines = rows.project(f"concat_ws(',', {', '.join(cells)}) || '\n' AS line")
    for batch in lines.to_arrow_reader(ROWS_GIVEN):
        yield _joined(batch.column(0))


def _joined(lines: pa.StringArray) -> bytes:
    """The texts of an array (rows,), none of which is missing, one after the other, as they lie in memory."""
    _, ends, text = lines.buffers()
    places = memoryview(ends).cast("i")
    return bytes(text[places[lines.offset] : places[lines.offset + len(lines)]])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if re.search(r'[,"\n\r]', name) else name

"""Damaged files: cut short, with flipped bits, garbage, valid with other content, or not files at all."""

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.safety.files import parquet_bytes

Damage = Callable[[Path], None]

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    0,
    3,
    10**400,
    -0.5,
    1e308,
    "",
    "x",
    "-Infinity",
    [],
    [1],
    ["x"],
    [[]],
    {},
    {"x": {}},
)
"""JSON values to put where others are expected."""


def truncations(content: bytes, lengths: int = 20) -> Iterator[bytes]:
    """The content cut to `lengths` lengths, evenly spread from none to all but one byte."""
    count = min(lengths, len(content))
    for index in range(count):
        yield content[: index * (len(content) - 1) // max(count - 1, 1)]


def flips(content: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """The content with one bit flipped, at `count` places drawn by seed."""
    draw = random.Random(seed)  # noqa: S311
    for _ in range(count):
        place = draw.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ (1 << draw.randrange(8))]) + content[place + 1 :]


def garbage(seed: int = 0) -> Iterator[bytes]:
    """Content that is no valid file of any kind used here."""
    draw = random.Random(seed)  # noqa: S311
    yield from (
        b"",
        b"\0" * 1_000,
        b"PAR1",
        b"PK\x03\x04",
        b"{",
        b"[" * 50_000,
        b"null",
        b"\xff\xfe\x00",
        b'{"a": NaN}',
    )
    yield draw.randbytes(1_000)


def other_schemas(name: str, content: bytes) -> Iterator[bytes]:
    """Valid files of the same kind with other keys, types or shapes, without rows, or with one value changed."""
    match Path(name).suffix:
        case ".json":
            yield from map(_json, _json_variants(json.loads(content)))
        case ".csv":
            yield from (table.to_csv(index=False).encode() for table in _tables(pd.read_csv(io.BytesIO(content))))
            yield content.replace(b".", b",", 50)
            yield content.replace(b",", b";")
        case ".parquet":
            yield from map(parquet_bytes, _parquets(pq.read_table(io.BytesIO(content))))
        case _:
            yield content + content


def no_files() -> dict[str, Damage]:
    """What can replace a file without being one: a folder, a link to nothing, a link to itself."""
    return {"a folder": _folder, "a dead link": _dead_link, "a link to itself": _loop}


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _json_variants(value: Any) -> Iterator[Any]:
    """A JSON value with each of its parts, at any depth, replaced by each of `ODD` or removed."""
    yield from (*ODD, float("nan"), float("inf"))
    if isinstance(value, dict):
        for key in value:
            yield {name: each for name, each in value.items() if name != key}
            for other in _json_variants(value[key]):
                yield {**value, key: other}
    elif isinstance(value, list) and value:
        yield value[1:]
        yield [*value, value[0]]
        for other in _json_variants(value[0]):
            yield [other, *value[1:]]


def _tables(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    yield table.iloc[:0]
    yield table.iloc[:1]
    yield table.iloc[1:]
    yield pd.concat([table, table])
    yield table[table.columns[::-1]]
    yield table.drop(columns=table.columns[0])
    yield table.assign(more=1)
    for column in table.columns:
        yield table.rename(columns={column: "=cmd()"})
        for value in ("x", None, 1e300, float("inf"), True, -5, 0.5, "1" * 5_000, "2001-01-01"):
            yield table.assign(**{column: value})
            yield table.astype({column: object}).assign(**{column: [value, *table[column].iloc[1:]]})


def _parquets(table: pa.Table) -> Iterator[pa.Table]:
    yield table.slice(0, 0)
    yield table.slice(0, 1)
    yield table.slice(1)
    yield pa.concat_tables([table, table])
    yield table.select(table.column_names[::-1])
    yield table.drop_columns(table.column_names[:1])
    yield table.append_column("more", pa.array([1] * len(table)))
    yield table.rename_columns(["x", *table.column_names[1:]])
    rows = len(table)
    others = (pa.nulls(rows), pa.array(["x"] * rows), pa.array([True] * rows), pa.array([float("nan")] * rows))
    lists = (pa.array([[1.0]] * rows), pa.array([{"a": 1}] * rows), pa.array([-1] * rows, pa.int32()))
    for index, name in enumerate(table.column_names):
        for column in (*others, *lists, pa.array([2**31 - 1] * rows, pa.int32()), pa.array([1e308] * rows)):
            yield table.set_column(index, name, column)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _dead_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)

"""A table of mixed kinds with gaps, as people have them, and the settings that use all of it."""

from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.params import Normalize
from pipeline.tables import engine, reading
from pipeline.tables.canonical import pieces
from pipeline.tables.encoding import Encoding, Feature
from pipeline.tables.kinds import kinds_of
from pipeline.tables.store import TableStore
from tests.defaults import defaults

FEATURES: Final = ("area", "river", "town", "sold", "zip")
CATEGORIES: Final = ("town", "zip")
TOWNS: Final = ("Bonn", "Köln", "St. Goar", "rest=other")


def mixed(rows: int = 200) -> pd.DataFrame:
    """A price made of an area, yes/no, two categories (of text and of numbers) and a date, with gaps; and remarks."""
    draw = np.random.default_rng(0)
    area = np.round(draw.uniform(30, 200, rows), 1)
    river, town = draw.random(rows) < 0.3, draw.integers(0, len(TOWNS), rows)
    days, code = draw.integers(0, 1500, rows), draw.integers(1, 4, rows)
    price = 1.5 * area + 40 * river + 25 * town - 10 * code + 0.02 * days + draw.normal(0, 5, rows)
    table = pd.DataFrame(
        {
            "area": area,
            "river": pd.array(river, dtype="boolean"),
            "town": pd.Series([TOWNS[index] for index in town], dtype="str"),
            "sold": pd.Timestamp("2019-03-01") + pd.to_timedelta(days, unit="D"),
            "zip": 100.0 + code,
            "remark": pd.Series([f"no. {row}" for row in range(rows)], dtype="str"),
            "price": np.round(price, 2),
        }
    )
    for at, name in enumerate(["area", "river", "town", "sold", "zip"]):
        table.loc[draw.choice(rows, 6 + at, replace=False), name] = None
    table.loc[[7, 70], "price"] = np.nan
    return table


def mixed_settings(**changes: Any) -> Normalize:
    """Settings for the table of `mixed`, but for the changes."""
    given = {"target": "price", "features": FEATURES, "categories": CATEGORIES, "missing": "mean", "split": "random"}
    return Normalize.model_validate({**defaults().normalize.model_dump(), **given, **changes})


def canonical(table: pd.DataFrame) -> bytes:
    """A table (rows, columns) in canonical form."""
    columns = [f"v{place}" for place in range(table.shape[1])]
    cells = pa.Table.from_pandas(table.set_axis(columns, axis=1), preserve_index=False)
    return b"".join(pieces(engine.connect().from_arrow(cells), kinds_of(table)))


def write_raw(store: TableStore, table: pd.DataFrame) -> None:
    """Write a table (rows, columns) as the raw table of a store."""
    store.write_raw(reading.open_raw(canonical(table), "drawn").columns, "drawn", "2024-02-29T12:00:00+00:00")


def of_numbers(*names: str) -> Encoding:
    """The encoding of features that are numbers without gaps."""
    return Encoding(tuple(Feature(name, "number", (), None, False, (name,)) for name in names))

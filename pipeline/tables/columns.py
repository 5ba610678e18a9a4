"""From cells to columns: all numbers, all yes or no, all dates, or else text; a gap is what pandas calls missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import duckdb
import pandas as pd

from pipeline.tables.cells import MACROS, YES_NO, Kind

MAX_NUMBER: Final = 1e100

_DTYPES: Final[dict[Kind, str]] = {"number": "float64", "yes_no": "boolean", "date": "datetime64[us]", "text": "str"}

_NUMBER: Final = f"""
CREATE MACRO number(c) AS CASE WHEN abs(try_cast(c AS DOUBLE)) <= {MAX_NUMBER} AND NOT (c < '!' OR contains(c, '_')
    OR c BETWEEN '00' AND '0:' OR c BETWEEN '-00' AND '-0:' OR c BETWEEN '+00' AND '+0:')
    THEN try_cast(c AS DOUBLE) END;
CREATE MACRO signs(c) AS regexp_replace(plain(c), '[^$€£¥%]', '', 'g');
CREATE MACRO dressed(c, thousands, point) AS CASE WHEN regexp_full_match(plain(c), '[-+]? ?[$€£¥]? ?[-+]?(('
    || '0|[1-9][0-9]*|[1-9][0-9]{{0,2}}([ ''' || thousands || '][0-9]{{3}})+)([' || point || '][0-9]*)?|['
    || point || '][0-9]+)([eE][-+]?[0-9]+)? ?[%$€£¥]?') THEN number(replace(regexp_replace(plain(c),
    '[ ''$€£¥%' || thousands || ']', '', 'g'), point, '.')) END;
"""
"""A number as computers write it (no zero before other digits, which identifiers have), and as people do."""

_PLAIN, _POINT, _COMMA = "try_cast({} AS DOUBLE)", "dressed({}, ',', '.')", "dressed({}, '.', ',')"
_SAME_SIGNS: Final = "count(DISTINCT signs({})) < 2"

_ISO: Final = (
    "CASE WHEN regexp_full_match({}, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9:.]+Z?)?') THEN "
    "CASE WHEN try_cast({} AS TIMESTAMP) >= TIMESTAMP '0001-01-01' THEN try_cast({} AS TIMESTAMP) END END"
)
_ZONED: Final = (
    "CASE WHEN regexp_full_match({}, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T][0-9:.]+ ?([+-][0-9]{2}(:?[0-9]{2})?|Z)') THEN "
    "make_timestamp(epoch_us(try_cast({} AS TIMESTAMPTZ))) END"
)
"""A moment with its distance from Greenwich, as it is there."""

_DAYS: Final = (
    *("%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%y", "%d/%m/%y"),
    *("%m/%d/%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
)
_TIMES: Final = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DATES: Final = (*(day + time for day in _DAYS for time in _TIMES), "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ")


def _written_as(date: str) -> str:
    years = "AND regexp_matches({}, '[0-9]{4}')" if "%Y" in date else ""
    return f"CASE WHEN true {years} THEN try_strptime({{}}, '{date}') END"


class Columns:
    """The cells of a table in DuckDB, as text; a column is asked for by its place (0-based)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, cells: duckdb.DuckDBPyRelation) -> None:
        """Take the cells, a column of texts each. Rows in which all are gaps are not taken: `left_out` of them."""
        self._connection = connection
        connection.execute(MACROS + _NUMBER)
        names = [f"c{place}" for place in range(len(cells.columns))]
        filled = ", ".join(f"filled({name})" for name in names)
        cells.select(*cells.columns).filter(f"coalesce({filled}) IS NOT NULL").create("cells")
        self.rows: int = self._ask("count(*)", "cells")[0]
        self.left_out = len(cells) - self.rows
        self.decimal_comma = False

    def are_empty(self, places: Iterable[int]) -> list[int]:
        """Those of the columns in which every cell is a gap."""
        counts = {place: f"count(filled(c{place}))" for place in places}
        found = self._ask(", ".join(counts.values()) or "count(*)", "cells")
        return [place for place, count in zip(counts, found, strict=False) if count == 0]

    def table(self, places: Mapping[str, int], kinds: Mapping[str, Kind], semicolons: bool) -> pd.DataFrame:
        """Read the columns, by name, as what all their cells are: (rows, columns).

        A column in `kinds` is read as that, or as text where a cell is something else. `semicolons` between the cells
        leave the comma for decimals, where the numbers themselves do not tell.
        """
        names = {name: f"c{place}" for name, place in places.items()}
        tried = [name for name in names if kinds.get(name, "number") == "number"]
        counts = ", ".join(f"count(number({names[name]})) = count({names[name]})" for name in tried)
        plain = [name for name, is_one in zip(tried, self._ask(counts or "count(*)", "cells"), strict=False) if is_one]
        others = ", ".join(f"filled({column}) AS {column}" for name, column in names.items() if name not in plain)
        self._connection.execute(f"CREATE OR REPLACE TABLE others AS SELECT {others or '0'} FROM cells")
        numbers = self._numbers({name: names[name] for name in tried}, plain, semicolons)
        columns: dict[str, pd.Series[Any]] = {}
        for name, column in names.items():
            kind: Kind = "number"
            form = numbers.get(name) or ""
            if not form:
                kind, form = self._kind(column, kinds.get(name))
            source = "cells" if name in plain else "others"
            columns[name] = self._sql(form.replace("{}", column), source).df().iloc[:, 0].astype(_DTYPES[kind])
        return pd.DataFrame(columns)

    def _numbers(self, columns: Mapping[str, str], plain: Sequence[str], semicolons: bool) -> dict[str, str]:
        """The form of each column that holds numbers: the decimal mark is that of the columns that leave no choice."""
        forms = {
            name: [form for form in (_POINT, _COMMA) if self._fits(form, column, also=_SAME_SIGNS)]
            for name, column in columns.items()
            if name not in plain
        }
        if any(_COMMA in each for each in forms.values()):
            for name in plain:
                if self._ask(f"count_if(contains({columns[name]}, '.'))", "cells")[0]:
                    forms[name] = [_PLAIN, *[_COMMA] * self._fits(_COMMA, columns[name], source="cells")]
        point = any(len(each) == 1 and _COMMA not in each for each in forms.values())
        comma = [_COMMA] in forms.values()
        with_comma = not point and (comma or semicolons)
        chosen = {name: each[-1 if with_comma else 0] for name, each in forms.items() if each}
        self.decimal_comma = _COMMA in chosen.values()
        return dict.fromkeys(plain, _PLAIN) | chosen

    def _kind(self, column: str, wanted: Kind | None) -> tuple[Kind, str]:
        """What a column is that holds no numbers, and its values in SQL."""
        if wanted in (None, "yes_no"):
            found = self._sql(f"DISTINCT lower({column})", f"others WHERE {column} NOT NULL LIMIT 3")
            values = {value for (value,) in found.fetchall()}
            for yes, no in YES_NO:
                if values <= {yes, no} and (wanted or len(yes) > 1 or len(values) == 2):
                    return "yes_no", f"lower({{}}) = '{yes}'"
        if wanted in (None, "date"):
            for form in (_ISO, _ZONED):
                if self._fits(form, column):
                    return "date", form
            any_date = self._fits(f"try_strptime({{}}, {[*_DATES]})", column)
            fitting = [form for form in map(_written_as, _DATES) if any_date and self._fits(form, column)]
            same = [f"count_if({form} <> {fitting[0]}) = 0" for form in fitting]
            if fitting and all(self._ask(", ".join(same).replace("{}", column), "others")):  # not so for 01/02/2024
                return "date", fitting[0]
        return "text", "{}"

    def _fits(self, form: str, column: str, also: str = "true", source: str = "others") -> bool:
        """Whether a form reads each cell of a column, asked of the first ones before it is asked of all."""
        ask = f"count({form}) = count({{}}) AND {also}".replace("{}", column)
        first = f"(SELECT {column} FROM {source} WHERE {column} NOT NULL LIMIT 100)"
        return all(self._ask(ask, rows)[0] for rows in (first, source))

    def _ask(self, what: str, source: str) -> tuple[Any, ...]:
        return self._sql(what, source).fetchall()[0]

    def _sql(self, what: str, source: str) -> duckdb.DuckDBPyRelation:
        return self._connection.sql(f"SELECT {what} FROM {source}")

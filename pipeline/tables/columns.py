"""From cells to columns: all numbers, all yes or no, all dates, or else text; a gap is what pandas calls missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import duckdb

from pipeline.tables.cells import MACROS, YES_NO, Kind
from pipeline.tables.scratch import Scratch
from pipeline.tables.typed import Form, Typed

MAX_NUMBER: Final = 1e100

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
    """The cells of a table in a file; a column is asked for by its place (0-based).

    The columns c0, c1, ... are read as texts. One that the file holds as numbers has them in n0, n1, ... too.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: duckdb.DuckDBPyRelation, scratch: Scratch) -> None:
        """Look at all cells of a file, which may be in `scratch`. Rows in which all are gaps are not taken."""
        self._connection, self._scratch = connection, scratch
        connection.execute(MACROS + _NUMBER)
        places = range(sum(name.startswith("c") for name in file.columns))
        self._as_numbers = {place for place in places if f"n{place}" in file.columns}
        file.create_view("file")
        filled = ", ".join(self._filled(place) for place in places)
        connection.execute(f"CREATE VIEW cells AS SELECT * FROM file WHERE coalesce({filled}) IS NOT NULL")
        asked = [each for place in places for each in (self._are_numbers(place), self._numbers_in(place))]
        self.rows: int
        self.rows, *found = self._ask(", ".join(["count(*)", *asked]), "cells")
        self._are_all_numbers, self._counts = found[::2], found[1::2]
        self.decimal_comma = False

    @property
    def left_out(self) -> int:
        """The rows in which all cells are gaps."""
        lines: int = self._ask("count(*)", "file")[0]
        return lines - self.rows

    def _filled(self, place: int) -> str:
        """A cell that is no gap, in SQL."""
        return f"CASE WHEN NOT isnan(n{place}) THEN '0' END" if place in self._as_numbers else f"filled(c{place})"

    def _are_numbers(self, place: int) -> str:
        """Whether all cells of a column are numbers, as computers write them, or empty, in SQL."""
        if place in self._as_numbers:
            return f"count_if(abs(n{place}) > {MAX_NUMBER} AND NOT isnan(n{place})) = 0"
        return f"count(number(c{place})) = count(c{place})"

    def _numbers_in(self, place: int) -> str:
        """How many cells such a column has that are not empty, in SQL."""
        return f"count_if(NOT isnan(n{place}))" if place in self._as_numbers else f"count(c{place})"

    def are_empty(self, places: Iterable[int]) -> list[int]:
        """Those of the columns in which every cell is a gap."""
        counts = {place: f"count({self._filled(place)})" for place in places}
        found = self._ask(", ".join(counts.values()), "cells") if counts else ()
        return [place for place, count in zip(counts, found, strict=True) if count == 0]

    def typed(self, places: Mapping[str, int], kinds: Mapping[str, Kind], semicolons: bool) -> Typed:
        """The columns, by name, as what all their cells are.

        A column in `kinds` is read as that, or as text where a cell is something else. `semicolons` between the cells
        leave the comma for decimals, where the numbers themselves do not tell.
        """
        tried = [name for name in places if kinds.get(name, "number") == "number"]
        plain = [name for name in tried if self._are_all_numbers[places[name]]]
        names = {name: f"c{place}" for name, place in places.items()}
        others = [f"filled({column}) AS {column}" for name, column in names.items() if name not in plain]
        if others:
            self._connection.execute(f"CREATE OR REPLACE TABLE others AS SELECT {', '.join(others)} FROM cells")
        numbers = self._numbers({name: places[name] for name in tried}, plain, semicolons)
        forms = {}
        for name, place in places.items():
            if name in plain:
                as_it_is = f"CASE WHEN NOT isnan(n{place}) THEN n{place} END" if place in self._as_numbers else ""
                form = as_it_is or numbers[name].replace("{}", names[name])
                forms[name] = Form("number", form, self._counts[place])
            else:
                kind, form = self._kind(names[name], kinds.get(name), numbers.get(name))
                count = self._ask(f"count({names[name]})", "others")[0]
                forms[name] = Form(kind, form.replace("{}", f"filled({names[name]})"), count)
        self._connection.execute("DROP TABLE IF EXISTS others")
        return Typed(self._connection, forms, self.rows, self._scratch)

    def _numbers(self, places: Mapping[str, int], plain: Sequence[str], semicolons: bool) -> dict[str, str]:
        """The form of each column that holds numbers: the decimal mark is that of the columns that leave no choice."""
        forms = {
            name: [form for form in (_POINT, _COMMA) if self._fits(form, f"c{place}", also=_SAME_SIGNS)]
            for name, place in places.items()
            if name not in plain
        }
        if any(_COMMA in each for each in forms.values()):
            texts = {name: f"c{places[name]}" for name in plain if places[name] not in self._as_numbers}
            for name, column in texts.items():
                if self._ask(f"count_if(contains({column}, '.'))", "cells")[0]:
                    forms[name] = [_PLAIN, *[_COMMA] * self._fits(_COMMA, column, source="cells")]
        point = any(len(each) == 1 and _COMMA not in each for each in forms.values())
        comma = [_COMMA] in forms.values()
        with_comma = not point and (comma or semicolons)
        chosen = {name: each[-1 if with_comma else 0] for name, each in forms.items() if each}
        self.decimal_comma = _COMMA in chosen.values()
        return dict.fromkeys(plain, _PLAIN) | chosen

    def _kind(self, column: str, wanted: Kind | None, number: str | None) -> tuple[Kind, str]:
        """What a column is, and its values in SQL: in the form of a `number` where there is one."""
        if number:
            return "number", number
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

"""A file of rows to predict, given by a visitor: its features as the model takes them, and what to say of the rest."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard.text.spreadsheets import unguarded
from pipeline.safety.errors import UserError
from pipeline.tables import faults, sheets
from pipeline.tables.cells import looks_like
from pipeline.tables.encoding import Encoding, Feature
from pipeline.tables.kinds import kind_of, texts
from pipeline.tables.names import first_few
from pipeline.tables.sheets import Sheet

MAX_BYTES: Final = 2**20
MAX_ROWS: Final = 1_000

_EXPECTED: Final = {"yes_no": "yes or no", "date": "a date such as 2024-12-31"}


@dataclass(frozen=True)
class Upload:
    """Rows to predict: `rows` (rows, features) with the columns in the model's order, as they are in a raw table.

    `ignored` are the names of the other columns. `notes` are sentences about gaps and about unknown categories.
    """

    rows: pd.DataFrame
    ignored: tuple[str, ...]
    notes: tuple[str, ...]


def read_rows(content: bytes, name: str, encoding: Encoding) -> Upload:
    """Read a CSV of rows to predict. Columns are matched by name, and what is no feature may hold anything.

    Raises `UserError` for a file that is too large or too long, lacks a feature, or has a cell there that is of another
    kind, or missing where the model was trained without gaps; with line and column.
    """
    if len(content) > MAX_BYTES:
        raise UserError(f"{name} has {len(content) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB is accepted")
    sheet, kinds = sheets.open_text(content, name), encoding.kinds
    header = [column if column in kinds else unguarded(column) for column in sheet.names]
    if lacking := [feature for feature in kinds if header.count(feature) != 1]:
        some = first_few(lacking, 10)
        raise UserError(f"{name} must have one column for each feature; it has none or several of {some}")
    if not sheet.columns.rows:
        raise UserError(f"{name} has a header and no rows below it; add a line for each row to predict")
    if sheet.columns.rows > MAX_ROWS:
        raise UserError(
            f"{name} has {sheet.columns.rows:,} rows; at most {MAX_ROWS:,} are accepted: split it into several files"
        )
    rows = _columns(sheet, header, encoding)
    ignored = tuple(column for column in header if column and column not in kinds)
    left_out = sheet.columns.left_out
    empty = f"Left out, because no cell of theirs has a value: {left_out:,} of the rows." if left_out else ""
    notes = (empty, _about_gaps(rows), _about_unseen(rows, encoding))
    return Upload(rows, ignored, tuple(filter(None, notes)))


def _columns(sheet: Sheet, header: list[str], encoding: Encoding) -> pd.DataFrame:
    """The features (rows, features), of the kinds that the model knows."""
    places = {feature.name: header.index(feature.name) for feature in encoding.features}
    wanted = {feature.name: feature.kind for feature in encoding.features if feature.kind != "category"}
    rows = sheet.table(places, wanted)
    written = sheet.table(places, dict.fromkeys(places, "text"))
    for feature in encoding.features:
        column = rows[feature.name]
        if feature.kind == "category":
            # The number 3.0 is the category 3; but the words yes and no may be texts among others.
            pairs = zip(texts(column), texts(written[feature.name]), strict=True)
            rows[feature.name] = pd.Series(
                [read if read in feature.values else as_it_is for read, as_it_is in pairs], dtype="str"
            )
        elif kind_of(column) != feature.kind:
            raise UserError(_wrong_cell(sheet, feature, column.dropna()))
        if feature.fill is None and column.isna().any():
            row = int(np.argmax(column.isna()))
            raise UserError(
                f"{sheet.place(row)}, column {feature.name!r} is empty, but the model was trained without gaps: "
                "fill it in, or leave the row out"
            )
    return rows


def _wrong_cell(sheet: Sheet, feature: Feature, cells: "pd.Series[str]") -> str:
    """Say which cell of a column that was read as text is the first that is not of the feature's kind."""
    if feature.kind == "number":
        return faults.no_number(cells, sheet.place)
    at = int(np.argmax(cells.map(looks_like) != feature.kind))
    return f"{faults.cell(cells, at, sheet.place)}; expected {_EXPECTED[feature.kind]}"


def _about_gaps(rows: pd.DataFrame) -> str:
    """Say how many rows have gaps, which are filled."""
    gaps = rows.isna()
    names = ", ".join(str(name) for name in gaps.columns[gaps.any()])
    count = int(gaps.any(axis=1).sum())
    have = "row has" if count == 1 else "rows have"
    return f"{count:,} {have} gaps in {names}, treated as in training." if count else ""


def _about_unseen(rows: pd.DataFrame, encoding: Encoding) -> str:
    """Say which values of categories no training row has."""
    found = []
    for feature in encoding.features:
        if feature.kind == "category":
            known = {*feature.values, None}
            unseen = [value for value in dict.fromkeys(texts(rows[feature.name])) if value not in known]
            found += [f"{feature.name} {first_few(map(repr, unseen), 3)}"] * bool(unseen)
    return f"Not among the training rows, so none of the values to the model: {'; '.join(found)}." if found else ""

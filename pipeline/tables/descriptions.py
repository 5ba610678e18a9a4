"""What a person says of the columns of a table of their own: in a YAML file beside it, such as data/houses.yaml."""

import io
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML

from pipeline.safety.errors import UserError
from pipeline.safety.yaml_loader import parse
from pipeline.tables.datasets import Column

_EXAMPLE: Final = "columns: {area: {noun: living area, meaning: floor area of all rooms, unit: m²}}"


class _Words(BaseModel):
    """What is said of a column; each may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    noun: str = ""
    meaning: str = ""
    unit: str = ""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    columns: dict[str, _Words]


def place_beside(csv: str) -> str:
    """The path of the description of a table: that of the table, with another ending."""
    path = PurePosixPath(csv)
    return str(path.with_name(f"{path.name.split('.')[0] or path.name}.yaml"))


def read(root: Path, csv: str) -> tuple[Column, ...]:
    """Read what is said of the columns of a table below `root`: nothing where there is no such file, or it is
    outside.

    Raises `UserError` for a file that says something else.
    """
    name = place_beside(csv)
    if not (root / name).resolve().is_relative_to(root.resolve()):
        return ()
    try:
        content = (root / name).read_bytes()
    except OSError:
        return ()
    try:
        said = _File.model_validate(parse(content, name)).columns
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UserError(f"{name}: {place}: {first['msg'].lower()}; expected for example {_EXAMPLE}") from None
    return tuple(Column(column, words.noun, words.meaning, words.unit) for column, words in said.items())


def text_of(columns: Iterable[Column]) -> str:
    """Write descriptions as YAML; a column of which nothing is said is left out."""
    said = {
        column.name: {key: text for key in ("noun", "meaning", "unit") if (text := getattr(column, key))}
        for column in columns
    }
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 2**31, True
    out = io.StringIO()
    yaml.dump({"columns": {name: words for name, words in said.items() if words}}, out)
    return out.getvalue()

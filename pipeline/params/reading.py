"""Two ways in for the settings: the file params.yaml, and one section of it on a command line."""

import sys
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from pipeline.params.messages import explain
from pipeline.params.schema import Params, Section, Text
from pipeline.params.yaml_loader import parse
from pipeline.safety.errors import UserError

PARAMS_FILE: Final = Path(__file__).resolve().parents[2] / "params.yaml"

AnySection = TypeVar("AnySection", bound=Section)


def load(path: Path = PARAMS_FILE) -> Params:
    """Read and validate params.yaml.

    Raises `UserError` with one line that names the key, its value and what is allowed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read ({error}); restore it with `git checkout {path.name}`") from None
    return validate(parse(content, path.name), path.name)


def validate(values: object, name: str = "params.yaml") -> Params:
    """Turn plain values into `Params`, strictly: no text for a number, no number for a switch."""
    try:
        return Params.model_validate(values)
    except ValidationError as error:
        raise UserError(f"{name}: {explain(error, Params)}") from None


def from_command_line(section: type[AnySection], arguments: list[str] | None = None) -> AnySection:
    """Parse one section as DVC writes it: `--learning_rate 0.01 --no-nesterov --features crim --features zn`.

    The command line is the only source: no defaults, no environment. A value may begin with a dash.
    Raises `UserError`.
    """
    values: dict[str, Any] = {}
    words = iter(sys.argv[1:] if arguments is None else arguments)
    for word in words:
        key = word.removeprefix("--")
        kind = section.model_fields[key].annotation if key in section.model_fields else None
        if key.startswith("no-"):
            values[key.removeprefix("no-")] = False
        elif kind is bool:
            values[key] = True
        elif kind == tuple[Text, ...]:
            values.setdefault(key, []).append(next(words, None))
        else:
            value = next(words, None)
            values[key] = None if value == "None" else value
    try:
        return section.model_validate(values, strict=False)
    except ValidationError as error:
        raise UserError(f"{section.__name__.lower()}: {explain(error, section, quoted=False)}") from None

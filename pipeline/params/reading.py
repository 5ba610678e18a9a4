"""Two ways in for the settings: the file params.yaml, and one section of it on a command line."""

import sys
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from pydantic import ValidationError

from pipeline.params.messages import explain
from pipeline.params.schema import Params, Section, Text
from pipeline.safety.errors import UserError, unreadable
from pipeline.safety.yaml_loader import parse

PARAMS_FILE: Final = Path(__file__).resolve().parents[2] / "params.yaml"

AnySection = TypeVar("AnySection", bound=Section)


def load(path: Path = PARAMS_FILE) -> Params:
    """Read and validate params.yaml. Raises `UserError` that names the key, its value and what is allowed."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path.name, error) from None
    return from_yaml(content, path.name)


def from_yaml(content: bytes, name: str = "params.yaml") -> Params:
    """Validate what a params.yaml holds. Raises `UserError` as `load` does."""
    return validate(parse(content, name), name)


def validate(values: object, name: str = "params.yaml") -> Params:
    """Turn plain values into `Params`, strictly: no text for a number, no number for a switch."""
    return section(Params, values, name)


def section(kind: type[AnySection], values: object, name: str = "", is_text: bool = False) -> AnySection:
    """Turn plain values, or the texts of a command line, into a section of params.yaml or all of it.

    Raises `UserError` with one line that begins with `name`, or the section's own.
    """
    try:
        return kind.model_validate(values, strict=False if is_text else None)
    except ValidationError as error:
        raise UserError(f"{name or kind.__name__.lower()}: {explain(error, kind, quoted=not is_text)}") from None


def from_command_line(kind: type[AnySection], arguments: list[str] | None = None) -> AnySection:
    """Parse one section as DVC writes it: `--learning_rate 0.01 --no-nesterov --features crim --features zn`.

    The command line is the only source: no defaults, no environment. A value may begin with a dash.
    Raises `UserError`.
    """
    kinds = {name: field.annotation for name, field in kind.model_fields.items()}
    # Of an empty list DVC writes nothing.
    values: dict[str, Any] = {name: [] for name, annotation in kinds.items() if annotation == tuple[Text, ...]}
    words = iter(sys.argv[1:] if arguments is None else arguments)
    for word in words:
        key = word.removeprefix("--")
        switch = key.removeprefix("no-")
        if word == key:
            raise UserError(f"the command line is invalid ({word!r} is no option); stages are run by `dvc repro`")
        if kinds.get(switch) is bool:
            values[switch] = key == switch
        elif kinds.get(key) == tuple[Text, ...]:
            values[key].append(next(words, ""))
        else:
            value = next(words, "")
            may_be_none = type(None) in get_args(kinds.get(key))
            values[key] = None if may_be_none and value == "None" else value
    return section(kind, values, is_text=True)

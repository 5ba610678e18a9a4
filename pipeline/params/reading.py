"""Two ways in for the settings: the file params.yaml, and one section of it on a command line."""

import argparse
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

    The command line is the only source: no defaults, no environment. A column name may hold spaces and commas.
    Raises `UserError`.
    """
    parser = argparse.ArgumentParser(prog=section.__name__.lower(), add_help=False, allow_abbrev=False)
    for name, field in section.model_fields.items():
        action: Any = "append" if field.annotation == tuple[Text, ...] else "store"
        action = argparse.BooleanOptionalAction if field.annotation is bool else action
        parser.add_argument(f"--{name}", action=action, default=argparse.SUPPRESS)
    parser.error = _refuse  # type: ignore[method-assign, assignment]
    values = vars(parser.parse_args(_joined(sys.argv[1:] if arguments is None else arguments, section)))
    try:
        given = {key: None if value == "None" else value for key, value in values.items()}
        return section.model_validate(given, strict=False)
    except ValidationError as error:
        raise UserError(f"{parser.prog}: {explain(error, section, quoted=False)}") from None


def _joined(arguments: list[str], section: type[Section]) -> list[str]:
    """Write `--key value` as `--key=value`, so that a value may begin with a dash."""
    names = {f"--{name}" for name, field in section.model_fields.items() if field.annotation is not bool}
    words, joined = iter(arguments), []
    for word in words:
        value = next(words, None) if word in names else None
        joined.append(word if value is None else f"{word}={value}")
    return joined


def _refuse(message: str) -> None:
    raise UserError(f"the command line is invalid ({message}); stages are run by `dvc repro`")

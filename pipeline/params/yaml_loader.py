"""YAML as plain values, or one line that says what is wrong with it."""

from typing import Any

from ruamel.yaml import YAML

from pipeline.safety.errors import UserError


def parse(content: bytes, name: str) -> Any:
    """Read YAML. Raises `UserError`, with `name` and the line, for what is none."""
    try:
        return YAML(typ="safe", pure=True).load(content.decode())
    except Exception as error:  # the library lets through what odd values raise in it: KeyError, OverflowError
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise UserError(
            f"{name}{where} is not valid YAML: {problem}; check indentation, colons, quotes, "
            f"or restore it with `git checkout {name}`"
        ) from None

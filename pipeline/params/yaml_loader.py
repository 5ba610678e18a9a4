"""YAML as plain values: text, numbers, lists and mappings, in a size that a person writes, or one line that says no."""

from typing import Any, Final

from ruamel.yaml import YAML

from pipeline.safety.errors import UserError

MAX_BYTES: Final = 2**17
"""Longer than this the values would not fit into the command of a stage, which a shell takes as one word."""

MAX_VALUES: Final = 20_000
MAX_DEPTH: Final = 20


def parse(content: bytes, name: str) -> Any:
    """Read YAML. Raises `UserError`, with `name` and the line, for what is not YAML or no plain values."""
    if len(content) > MAX_BYTES:
        raise UserError(f"{name} is larger than {MAX_BYTES:,} bytes, the most that is read: shorten it")
    try:
        value = YAML(typ="safe", pure=True).load(content.decode())
    except UnicodeDecodeError as error:
        raise UserError(f"{name} cannot be read ({error}); restore it with `git checkout {name}`") from None
    except RecursionError:
        raise UserError(f"{name} is nested too deeply; expected sections with a key and a value a line") from None
    except (
        Exception
    ) as error:  # the library lets through what odd values raise in it: KeyError, IndexError, OverflowError
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise UserError(f"{name}{where} is not valid YAML: {problem}; check indentation, colons, quotes") from None
    _check(value, name)
    return value


def _check(value: object, name: str) -> None:
    """Unfold the aliases with a bound: a few lines of them can stand for more than any memory holds."""
    waiting, seen = [(value, 0)], 0
    while waiting:
        item, depth = waiting.pop()
        seen += 1
        if seen > MAX_VALUES or depth > MAX_DEPTH:
            raise UserError(
                f"{name} holds more than {MAX_VALUES:,} values, or nests them more than {MAX_DEPTH} deep, once its "
                "aliases (*) are unfolded: write out what is meant, and no more"
            )
        if isinstance(item, dict):
            waiting += [(each, depth + 1) for pair in item.items() for each in pair]
        elif isinstance(item, list):
            waiting += [(each, depth + 1) for each in item]
        elif isinstance(item, int) and item.bit_length() > 1_024:
            raise UserError(f"{name} holds a whole number of more than 300 digits; expected a smaller one")
        elif not isinstance(item, str | int | float | None):
            kind = type(item).__name__
            raise UserError(f"{name} holds a {kind}; expected text, numbers, lists and keys with values: quote texts")

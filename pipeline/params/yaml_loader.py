"""YAML as plain values, or one line that says what is wrong with it."""

from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.events import CollectionStartEvent

from pipeline.safety.errors import UserError

MAX_BYTES: Final = 2**17
"""Longer than this the values would not fit into the command of a stage, which a shell takes as one word."""


def parse(content: bytes, name: str) -> Any:
    """Read YAML. Raises `UserError`, with `name` and the line, for what is not YAML, and for an anchor of a list.

    A few lines of aliases of lists can stand for more values than any memory holds, or for a list in itself.
    """
    if len(content) > MAX_BYTES:
        raise UserError(f"{name} is larger than {MAX_BYTES:,} bytes, which is the limit: shorten it")
    try:
        text = content.decode()
        value = YAML(typ="safe", pure=True).load(text)
        events = YAML(typ="safe", pure=True).parse(text)
        has_anchor = any(isinstance(event, CollectionStartEvent) and event.anchor for event in events)
    except UnicodeDecodeError as error:
        raise UserError(f"{name} cannot be read ({error}); restore it with `git checkout {name}`") from None
    except RecursionError:
        raise UserError(
            f"{name} is nested too deeply; expected sections that have a key and its value on each line"
        ) from None
    except (
        Exception
    ) as error:  # the library lets through what odd values raise in it: KeyError, IndexError, OverflowError
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise UserError(f"{name}{where} is not valid YAML: {problem}; check indentation, colons, quotes") from None
    if has_anchor:
        raise UserError(f"{name} has an anchor (&) on a list or a section; remove it (single values may have one)")
    return value

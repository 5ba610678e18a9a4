"""YAML as plain values, or one line that says what is wrong with it."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import CollectionStartEvent

from pipeline.safety.errors import UserError


def parse(content: bytes, name: str) -> Any:
    """Read YAML. Raises `UserError`, with `name` and the line, for what is none, and for an anchor of a list.

    A few lines of aliases of lists can stand for more values than any memory holds, or for a list in itself.
    """
    try:
        text = content.decode()
        YAML(typ="safe", pure=True).compose(text)  # ends at once at depths that take the events minutes
        events = YAML(typ="safe", pure=True).parse(text)
        has_anchor = any(isinstance(event, CollectionStartEvent) and event.anchor for event in events)
        value = None if has_anchor else YAML(typ="safe", pure=True).load(text)
    except Exception as error:  # the library lets through what odd values raise in it: KeyError, OverflowError
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise UserError(
            f"{name}{where} is not valid YAML: {problem}; check indentation, colons, quotes, "
            f"or restore it with `git checkout {name}`"
        ) from None
    if has_anchor:
        raise UserError(f"{name} has an anchor (&) on a list or a section; remove it (single values may have one)")
    return value

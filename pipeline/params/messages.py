"""What is wrong with a setting, said in one line: the key, the value, what is allowed and the likely cause."""

import difflib
from typing import Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from pipeline.params.schema import Section, Text

_MAX_LENGTH: Final = 100
_BOUNDS: Final = {"gt": "above", "ge": "from", "lt": "below", "le": "at most"}


def explain(error: ValidationError, model: type[Section], quoted: bool = True) -> str:
    """Say the first thing that is wrong in one line: the key, the value, what is allowed, the likely cause.

    `quoted` tells that a text may be a number in quotes; on a command line everything is text.
    """
    # A mistyped key is missing too: what it is comes first.
    faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    first, more = faults[0], len(faults) - 1
    keys = [str(part) for part in first["loc"] if isinstance(part, str) and not part.startswith("constrained")]
    tail = f" (and {more} more fault{'' if more == 1 else 's'})" if more else ""
    if first["type"] == "value_error":
        return ".".join([*keys, str(first["ctx"]["error"])]) + tail
    owner, field = _find(model, keys)
    key = ".".join(keys) or "the file"
    if first["type"] == "extra_forbidden":
        close = difflib.get_close_matches(keys[-1], owner.model_fields, n=1)
        hint = f"did you mean {close[0]}?" if close else "remove it"
        return f"{key} is not a known key; {hint} Known: {', '.join(owner.model_fields)}{tail}"
    expected = allowed(field) if field else f"the keys {', '.join(owner.model_fields)}"
    if first["type"] == "missing":
        return f"{key} is missing; expected {expected}{tail}"
    return f"{key} is {_shown(first['input'])}; expected {expected}{_cause(first['input'], field, quoted)}{tail}"


def allowed(field: FieldInfo) -> str:
    """Say in words what a field takes: `a number above 0`, `one of mse, mae`."""
    kind = field.annotation
    choices = getattr(kind, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return f"one of {', '.join(choices)}"
    if kind is bool:
        return "true or false"
    if kind in (int, float):
        bounds = [
            f"{words} {getattr(rule, name)}"
            for rule in field.metadata
            for name, words in _BOUNDS.items()
            if hasattr(rule, name)
        ]
        between = " and ".join(bounds).replace(" and at most ", " to ")
        return f"{'a whole number' if kind is int else 'a number'} {between}".strip()
    if kind == tuple[Text, ...]:
        needed = any(getattr(rule, "min_length", 0) for rule in field.metadata)
        return "a list of one or more column names" if needed else "a list of column names, or [] for none"
    if kind is str:
        return "a text of one line"
    return "an http(s) address or null" if choices else "a section of keys and values"


def _shown(value: object) -> str:
    """A value as it is written in Python, at most its beginning."""
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        text = "a number of thousands of digits"
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}..."


def _cause(value: object, field: FieldInfo | None, quoted: bool) -> str:
    if quoted and isinstance(value, str) and field and field.annotation in (int, float, bool):
        return "; remove the quotes, if there are any"
    if isinstance(value, float) and field and field.annotation is int:
        return "; write it without a decimal point"
    return "; there is no value after the colon" if value is None else ""


def _find(model: type[Section], keys: list[str]) -> tuple[type[Section], FieldInfo | None]:
    owner: type[Section] = model
    field: FieldInfo | None = None
    for key in keys:
        field = owner.model_fields.get(key)
        kind: Any = field.annotation if field else None
        if isinstance(kind, type) and issubclass(kind, Section):
            owner, field = kind, None
    return owner, field

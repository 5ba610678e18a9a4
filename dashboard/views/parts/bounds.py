"""What a widget for a setting needs: its bounds and choices, taken from the schema that checks it."""

from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from pipeline.params import Train


def choices(name: str) -> list[Any]:
    """The values that a setting of the section train may take, where they are listed; else none."""
    kind = _field(name).annotation
    return list(get_args(kind)) if get_origin(kind) is Literal else []


def bounds(name: str) -> tuple[float | None, float | None]:
    """The least and the largest value of a numeric setting; `None` where the schema sets no such bound."""
    low = high = None
    for rule in _field(name).metadata:
        match rule:
            case Ge(ge=value) | Gt(gt=value):
                low = float(str(value))
            case Le(le=value) | Lt(lt=value):
                high = float(str(value))
    return low, high


def title(name: str) -> str:
    """What a setting is called on a page."""
    return _field(name).title or name


def description(name: str) -> str:
    """What a setting does, in a sentence."""
    return _field(name).description or ""


def _field(name: str) -> FieldInfo:
    return Train.model_fields[name]

"""The knobs as widgets need them: bounds and choices, taken from the schema that checks them."""

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from pipeline.params import Train


def choices(name: str) -> list[str]:
    """The values that a knob of the section train may take, where it is one of a few."""
    return list(getattr(_field(name).annotation, "__args__", ()))


def bounds(name: str) -> tuple[float | None, float | None]:
    """The least and the largest value of a numeric knob; `None` where the schema sets no such bound."""
    low = high = None
    for rule in _field(name).metadata:
        match rule:
            case Ge(ge=value) | Gt(gt=value):
                low = float(str(value))
            case Le(le=value) | Lt(lt=value):
                high = float(str(value))
    return low, high


def whole_bounds(name: str) -> tuple[int, int]:
    """The bounds of a knob that counts. Raises `ValueError` for one that has none."""
    low, high = bounds(name)
    if low is None or high is None:
        raise ValueError(f"{name} has no bounds to count between")
    return int(low), int(high)


def title(name: str) -> str:
    """What a knob is called on a page."""
    return _field(name).title or name


def description(name: str) -> str:
    """What a knob does, in a sentence."""
    return _field(name).description or ""


def _field(name: str) -> FieldInfo:
    return Train.model_fields[name]

"""The values in params.yaml by flat names such as `train.learning_rate`, and how to set some and touch nothing else."""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

from pipeline.params.reading import PARAMS_FILE, from_yaml
from pipeline.safety.errors import UserError, unreadable
from pipeline.safety.yaml_loader import parse

PARAMS: Final = PARAMS_FILE.name

Value = bool | int | float | str | None | Sequence[str]

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_NOT_TEXT: Final = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}


def flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Flatten nested mappings: `{"train": {"seed": 0}}` becomes `{"train.seed": 0}`. Lists become tuples."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = tuple(value) if isinstance(value, list) else value
    return found


def read(text: str) -> dict[str, Any]:
    """The values that the text of a params.yaml sets, by flat names. Raises `UserError` where it is not YAML."""
    values = parse(text.encode(), PARAMS)
    return flat(values) if isinstance(values, dict) else {}


def changed(root: Path, wanted: Mapping[str, Value]) -> tuple[str, str]:
    """The text of the project's params.yaml, as it is and with the `wanted` values (see `with_values`). Writes nothing.

    Raises `UserError` when it cannot be read, would not be valid, or would have a file outside the project read.
    """
    try:
        before = (root / PARAMS).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(PARAMS, error) from None
    csv = wanted.get("download.csv")
    if isinstance(csv, str) and not (root / csv).resolve().is_relative_to(root.resolve()):
        raise UserError(f"download.csv is {csv!r}; here it must be a file inside the project: copy it there")
    return before, with_values(before, wanted)


def with_values(text: str, wanted: Mapping[str, Value]) -> str:
    """The text of a params.yaml with the `wanted` values, by flat names; comments and all other values stay.

    A value that is there already keeps its spelling; 1 and 1.0 are two values, since the commands that DVC runs and
    remembers spell them differently. Raises `UserError` when the text is or would become invalid.
    """
    now = read(text)
    from_yaml(text.encode())
    new = {key: tuple(value) if isinstance(value, list) else value for key, value in wanted.items()}
    changes = {key: value for key, value in new.items() if key not in now or not _same(now[key], value)}
    if not changes:
        return text
    if unknown := [key for key in changes if key not in now]:
        raise UserError(f"{PARAMS} has no {unknown[0]}; add it by hand")
    edited = _edited(text, changes)
    from_yaml(edited.encode())
    found, expected = read(edited), now | changes
    if found.keys() != expected.keys() or not all(_same(found[key], value) for key, value in expected.items()):
        raise UserError(f"{PARAMS} is written in a form that is not edited here; set {', '.join(changes)} by hand")
    return edited


def _edited(text: str, changes: Mapping[str, Value]) -> str:
    yaml = YAML()
    yaml.Representer, yaml.preserve_quotes, yaml.width = _Representer, True, 2**31
    document = yaml.load(text.replace("\r\n", "\n"))
    for key, value in changes.items():
        *sections, last = key.split(".")
        place = document
        for section in sections:
            place = place[section]
        if isinstance(value, Sequence) and not isinstance(value, str):
            _fill(place, last, [_quoted(name) for name in value])
        else:
            place[last] = _quoted(value) if isinstance(value, str) else value
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue().replace("\n", "\r\n" if "\r\n" in text else "\n")


class _Representer(RoundTripRepresenter):
    """Spells nothing as `null`, and a number with a decimal point: `1e-06` without one is text to YAML 1.1."""

    def spell_none(self, _: None) -> Any:
        return self.represent_scalar("tag:yaml.org,2002:null", "null")

    def spell_float(self, value: float) -> Any:
        digits = repr(value)
        digits = digits if "." in digits else digits.replace("e", ".0e")
        return self.represent_scalar("tag:yaml.org,2002:float", digits)


_Representer.add_representer(type(None), _Representer.spell_none)
_Representer.add_representer(float, _Representer.spell_float)


def _fill(section: Any, key: str, names: list[str]) -> None:
    """Put other names into a list of the document; the comment after its last item stays after the last.

    A list that is or becomes empty is one between brackets.
    """
    items = section[key]
    after = items.ca.items.pop(len(items) - 1, None)
    if not items or not names:
        items.fa.set_flow_style()
    items[:] = names
    if after is not None and names:
        items.ca.items[len(names) - 1] = after
    elif after is not None:
        section.ca.items.setdefault(key, [None] * 4)[2] = after[0]


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, float) == isinstance(other, float)


def _quoted(text: str) -> str:
    """Quote a text unless YAML 1.1 and 1.2 both read it as text without quotes."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT
    quoted: str = PlainScalarString(text) if is_plain else DoubleQuotedScalarString(text)
    return quoted

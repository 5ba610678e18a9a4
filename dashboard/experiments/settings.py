"""The values in params.yaml by flat names such as `train.learning_rate`, and how to set some and touch nothing else."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from pipeline import params
from pipeline.safety.errors import UserError

Value = bool | int | float | str | None | Sequence[str]

PARAMS: Final = "params.yaml"

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
    values = params.parse(text.encode(), PARAMS)
    return flat(values) if isinstance(values, dict) else {}


def changed(root: Path, wanted: Mapping[str, Value]) -> tuple[str, str]:
    """The text of the project's params.yaml, as it is and with the `wanted` values (see `with_values`). Writes nothing.

    Raises `UserError` when it cannot be read, would not be valid, or would have a file outside the project read.
    """
    try:
        before = (root / PARAMS).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{PARAMS} cannot be read ({error}); restore it with `git checkout {PARAMS}`") from None
    csv = wanted.get("download.csv")
    if isinstance(csv, str) and not (root / csv).resolve().is_relative_to(root.resolve()):
        raise UserError(f"download.csv is {csv!r}; here it must be a file inside the project: copy it there")
    return before, with_values(before, wanted)


def with_values(text: str, wanted: Mapping[str, Value]) -> str:
    """The text of a params.yaml with the `wanted` values, by flat names, and every other character as it was.

    A value that is there already keeps its spelling; 1 and 1.0 are two values, since the commands that DVC runs and
    remembers spell them differently. Raises `UserError` when the text is or would become invalid.
    """
    now = read(text)
    params.validate(_nested(now))
    new = {key: tuple(value) if isinstance(value, list) else value for key, value in wanted.items()}
    changes = {key: value for key, value in new.items() if key not in now or not _same(now[key], value)}
    root: Node = YAML(typ="safe", pure=True).compose(text)
    edits = [(*_place(text, root, key), value) for key, value in changes.items()]
    expected = now | changes
    params.validate(_nested(expected))
    for start, end, node, value in sorted(edits, key=lambda edit: edit[0], reverse=True):
        text = text[:start] + (" " if start == end else "") + _written(value, node) + text[end:]
    if not _sets(text, expected):
        raise UserError(f"{PARAMS} is written in a way that cannot be edited here; set {', '.join(changes)} by hand")
    return text


def _sets(text: str, expected: Mapping[str, Any]) -> bool:
    try:
        found = read(text)
    except UserError:
        return False
    return found.keys() == expected.keys() and all(_same(found[key], value) for key, value in expected.items())


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, float) == isinstance(other, float)


def _place(text: str, node: Node, key: str) -> tuple[int, int, Node]:
    """Where the value of `key` begins and ends in the text, and its node. Nothing at all has its place by its key."""
    after_key = 0
    for part in key.split("."):
        children = {name.value: (name, child) for name, child in node.value} if isinstance(node, MappingNode) else {}
        if part not in children:
            raise UserError(f"{PARAMS} has no {key}; add it by hand")
        name, node = children[part]
        after_key = text.index(":", name.end_mark.index) + 1
    start, end = node.start_mark.index, _end(node)
    return (after_key, after_key, node) if start == end else (start, end, node)


def _end(node: Node) -> int:
    """Where the text of a node ends: a list with a line per item would only end before the next key."""
    index: int = node.end_mark.index
    return _end(node.value[-1]) if _has_line_per_item(node) else index


def _has_line_per_item(node: Node) -> bool:
    return isinstance(node, SequenceNode) and not node.flow_style


def _written(value: Value, node: Node) -> str:
    """Spell a value so that YAML 1.1 and 1.2 read the same, in the manner of the node that it replaces."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float):
        digits = float.__repr__(value)
        return digits if "." in digits else digits.replace("e", ".0e")
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT
        return value if is_plain else f'"{"".join(map(_escaped, value))}"'
    items = [_written(item, node) for item in value]
    if _has_line_per_item(node) and items:
        indent: str = " " * node.start_mark.column
        return "- " + f"\n{indent}- ".join(items)
    return f"[{', '.join(items)}]"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *sections, last = key.split(".")
        place = tree
        for section in sections:
            place = place.setdefault(section, {})
        place[last] = value
    return tree

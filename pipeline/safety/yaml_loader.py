"""YAML as plain values, or one line that says what is wrong with it."""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode

from pipeline.safety.errors import UserError


def parse(content: bytes, name: str) -> Any:
    """Read YAML. Raises `UserError`, with `name` and the line, for what is none, and for an anchor of a list.

    A few lines of aliases of lists can stand for more values than any memory holds, or for a list in itself.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        document = yaml.compose(content.decode())
        has_anchor = any(collection.anchor for collection in _collections(document))
        value = None if has_anchor or document is None else yaml.constructor.construct_document(document)
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


def _collections(node: Any) -> Iterator[Any]:
    """Each list and each section of a composed document, before what it holds."""
    if isinstance(node, CollectionNode):
        yield node
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                yield from _collections(part)

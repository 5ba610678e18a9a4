"""Names of experiments: one made of what was changed, and which ones git and DVC would not take."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from dashboard.record.tables import BRANCH, Beginning
from pipeline.params.editing import Value
from pipeline.safety.errors import UserError

MAX_LENGTH: Final = 60

_ALLOWED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_RESERVED: Final = {"head", "workspace"}

_SHORT: Final = {"train.learning_rate": "lr", "train.batch_size": "bs", "normalize.seed": "split-seed", BRANCH: "from"}


def suggest_name(changes: Mapping[str, Value], taken: Collection[str] = ()) -> str:
    """Make a name of changed settings of the sections train and normalize, `lr-0.05_bs-32`, that is not `taken`."""
    name = "_".join(_part(key, value) for key, value in changes.items())[: MAX_LENGTH - 4].strip("-._+") or "run"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(choice for choice in (name, *numbered) if choice not in taken)


def check_name(name: str, taken: Collection[str] = ()) -> None:
    """Raise `UserError`, saying what is allowed, for a name that git or DVC would refuse or take for something else."""
    if not _ALLOWED.fullmatch(name) or len(name) > MAX_LENGTH or ".." in name or name.endswith((".", ".lock")):
        raise UserError(
            f"{name[:MAX_LENGTH]!r} cannot name an experiment: use 1 to {MAX_LENGTH} of the letters A-Z and a-z, "
            "digits and - _ . +, with a letter or a digit first and no dot last, as in lr-0.05_bs-32"
        )
    if name.lower() in _RESERVED:
        raise UserError(f"{name} has another meaning in DVC; choose another name")
    if name in taken:
        raise UserError(f"there is an experiment {name} already; choose another name, or remove that one first")


def _part(key: str, value: Value) -> str:
    setting = _SHORT.get(key, key.rpartition(".")[2])
    if isinstance(value, Beginning):
        return f"{setting}-{value.update or 'random'}"
    if isinstance(value, list | tuple):
        return f"{len(value)}-{setting}"
    if isinstance(value, bool):
        return setting if value else f"no-{setting}"
    return f"{setting}-{value}"

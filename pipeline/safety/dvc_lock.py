"""What DVC notes of each stage in dvc.lock: the command it ran, what it read and what it made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.safety.errors import UserError
from pipeline.safety.yaml_loader import parse

LOCK: Final = "dvc.lock"


@dataclass(frozen=True)
class LockedStage:
    """A stage as it ran last. `deps` and `outs` are what it read and made: path to MD5, in hexadecimal."""

    command: str
    deps: Mapping[str, str]
    outs: Mapping[str, str]


def read_lock(content: bytes) -> dict[str, LockedStage]:
    """Read a lock file: each stage by its name. Raises `UserError` where something is missing, or it is none."""
    try:
        return {
            name: LockedStage(stage["cmd"], _md5s(stage.get("deps", [])), _md5s(stage.get("outs", [])))
            for name, stage in parse(content, LOCK)["stages"].items()
        }
    except (LookupError, TypeError, AttributeError):
        raise UserError(f"{LOCK} lacks a command or a hash; delete it and run `dvc repro` to make it again") from None


def _md5s(files: Sequence[Mapping[str, object]]) -> dict[str, str]:
    return {str(file["path"]): str(file["md5"]) for file in files}

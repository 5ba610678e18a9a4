"""The settings that tests begin with: the default run on the Boston data, whatever params.yaml holds in this folder."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from pipeline.params import PARAMS_FILE, Params, Train, from_yaml
from pipeline.params.editing import with_values
from pipeline.record.start import START
from pipeline.suggestion.known import settings_of

_BOSTON: Final = settings_of("boston_housing")


@cache
def default_text() -> str:
    """The text of params.yaml with the values of the default run; other settings keep theirs."""
    return with_values(PARAMS_FILE.read_text(encoding="utf-8"), _BOSTON)


@cache
def defaults() -> Params:
    """The settings of the default run."""
    return from_yaml(default_text().encode())


def train(**changes: Any) -> Train:
    """Validated settings of training: those of the default run with some changes."""
    return Train.model_validate({**defaults().train.model_dump(), **changes})


def write_defaults(root: Path) -> None:
    """Write the settings of the default run into the project at `root`; it begins with random weights."""
    (root / "params.yaml").write_text(default_text(), encoding="utf-8")
    (root / START).write_text("{}\n", encoding="utf-8")

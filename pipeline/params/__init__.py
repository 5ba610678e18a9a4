"""The settings: params.yaml, or one section of it on a command line, as frozen and validated values."""

from pipeline.params.messages import allowed
from pipeline.params.reading import PARAMS_FILE, from_command_line, from_yaml, load, section, validate
from pipeline.params.schema import (
    HIDDEN_UNITS,
    MAX_SEED,
    Download,
    LossName,
    Missing,
    Normalize,
    Params,
    Schedule,
    Section,
    Train,
    later_seed,
    value_name,
)

__all__ = [
    "HIDDEN_UNITS",
    "MAX_SEED",
    "PARAMS_FILE",
    "Download",
    "LossName",
    "Missing",
    "Normalize",
    "Params",
    "Schedule",
    "Section",
    "Train",
    "allowed",
    "from_command_line",
    "from_yaml",
    "later_seed",
    "load",
    "section",
    "validate",
    "value_name",
]

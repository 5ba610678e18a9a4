"""The colours of the house: one meaning each, readable on a light and on a dark ground."""

from typing import Final

from dashboard.record.tables import EFFECTS

TRAINING: Final = "#2f80c9"
VALIDATION: Final = "#d97a1e"
TEST: Final = "#1f9e89"
REFERENCE: Final = "#7d8894"
POSITIVE: Final = "#2f80c9"
NEGATIVE: Final = "#c8553d"
DIRECTIONS: Final = dict(zip(EFFECTS, (POSITIVE, NEGATIVE), strict=True))

PERHAPS_NEGATIVE: Final = "#dd9c8e"
WARNING: Final = "#c8553d"
RUNS: Final = ("#2f80c9", "#d97a1e", "#1f9e89", "#a05fc4", "#a3901a", "#c8553d", "#5b8c5a", "#8c6d5a")
"""For runs laid over one another; the first is the recorded one."""

DASHES: Final = {"training": [1, 0], "validation": [5, 3]}
"""Training is solid and validation dashed, everywhere: colour is never the only signal."""

"""The pipeline: the stages that DVC runs, and the nouns they share with the dashboard."""

import os
from typing import Final

STARTED_BY: Final = os.getppid()
"""Who started this process, noted before the seconds that importing TensorFlow takes."""

"""The pipeline: the stages that DVC runs, and the nouns they share with the dashboard."""

import sys
from importlib.util import find_spec

if find_spec("pydantic") is None:  # DVC runs a stage with the first `python` on the path
    sys.exit(
        f"error: this Python lacks the project's packages ({sys.executable}); put the project's own on the path "
        "(`. .venv/bin/activate`), or use `make repro`"
    )

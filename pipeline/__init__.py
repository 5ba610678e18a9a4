"""The pipeline: the stages that DVC runs, and the nouns they share with the dashboard."""

import gc
import os
import signal
import sys
from importlib.util import find_spec
from typing import Final

STARTED_BY: Final = os.getppid()
"""The process that started this one, noted before the seconds that imports take, in which it may end."""

if find_spec("pydantic") is None:  # DVC runs a stage with the first `python` on the path
    sys.exit(
        f"error: this Python lacks the project's packages ({sys.executable}); put the project's own on the path "
        "(`. .venv/bin/activate`), or use `make repro`"
    )
if sys.argv[0] == "-m":  # the modules of a stage are imported now
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it, without the traceback of an import
    gc.disable()  # until `safe_stage`: imports leave little garbage, and looking for it takes a quarter of their time

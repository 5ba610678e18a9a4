"""The tests; see CONTRIBUTING.md."""

import os

# Several test processes share the cores: threads that numpy would start for a product of matrices wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

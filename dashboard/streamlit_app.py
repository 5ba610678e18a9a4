"""The dashboard's front door, which `streamlit run dashboard` opens: the pages, with a guard before them."""

import sys
from pathlib import Path

from streamlit.starlette import App

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # only where the project is not installed: `streamlit run` adds dashboard/ alone
    sys.path.insert(0, str(ROOT))

from starlette.middleware import Middleware  # noqa: E402

from dashboard.guard import guards  # noqa: E402
from dashboard.waiting import Waiting  # noqa: E402

app = App(ROOT / "dashboard" / "navigation.py", middleware=[*guards(), Middleware(Waiting)])

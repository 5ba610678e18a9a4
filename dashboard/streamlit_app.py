"""The dashboard's front door: the pages and the way between them, nothing else."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # only where the project is not installed: `streamlit run` adds dashboard/ alone
    sys.path.insert(0, str(ROOT))

from dashboard.views import PAGES  # noqa: E402

st.set_page_config(page_title="SGD laboratory", page_icon=str(ROOT / "dashboard" / "icon.png"), layout="wide")
st.navigation([st.Page(page.show, title=page.title, url_path=page.path) for page in PAGES], position="top").run()

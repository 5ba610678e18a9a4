"""What Streamlit runs for every visitor: the pages and the way between them, nothing else."""

from typing import Final

import streamlit as st

from dashboard.views import PAGES
from pipeline.record.store import ROOT

_ICON: Final = ROOT / "dashboard" / "icon.png"

st.set_page_config(page_title="SGD laboratory", page_icon=str(_ICON), layout="wide")
# The first page's address is the server's own; the address that its name suggests leads there as well.
first, *others = PAGES
st.navigation(
    [
        st.Page(first.show, title=first.title),
        *(st.Page(page.show, title=page.title, url_path=page.path) for page in others),
        st.Page(first.show, title=first.title, url_path=first.path, visibility="hidden"),
    ],
    position="top",
).run()

"""What Streamlit runs for every visitor: the pages and the way between them, nothing else."""

from typing import Final

import streamlit as st

from dashboard.views import CHAPTER, LAB, PAGES, START
from pipeline.record.store import ROOT

_HERE: Final = ROOT / "dashboard"

# The first page's address is the server's own; the address that its name suggests leads there as well.
pages = {
    page: st.Page(page.show, title=page.title, url_path=page.path if page is not START else None) for page in PAGES
}
again = st.Page(START.show, title=START.title, url_path=START.path)
shown = st.navigation([*pages.values(), again], position="hidden")
st.set_page_config(page_title=f"{shown.title} · SGD laboratory", page_icon=str(_HERE / "icon.png"), layout="wide")

st.html(_HERE / "navigation.css")
with st.container(key="navigation", horizontal=True, vertical_alignment="center", gap="xsmall"):
    st.page_link(pages[START], width="content")
    for group, members in (("The chapter", CHAPTER), ("The lab", LAB)):
        st.caption(group, width="content")
        for member in members:
            st.page_link(pages[member], width="content")

shown.run()

lessons = [page.path for page in CHAPTER]
if shown.url_path in lessons:
    place = lessons.index(shown.url_path)
    before, after = (START, *CHAPTER)[place], (*CHAPTER, *LAB)[place + 1]
    st.divider()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.page_link(pages[before], label=f"Previous: {before.title}", icon=":material/arrow_back:", width="content")
        st.page_link(
            pages[after],
            label=f"Next: {after.title}",
            icon=":material/arrow_forward:",
            icon_position="right",
            width="content",
        )

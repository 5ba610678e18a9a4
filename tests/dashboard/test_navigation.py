"""The way between the pages."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.record.reading import Records
from dashboard.views import PAGES
from dashboard.views.parts import shared
from pipeline.record.store import ROOT


def test_the_tab_of_every_page_is_titled_as_the_page_that_its_address_opens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shared, "Records", lambda: Records(tmp_path))  # where nothing is recorded a page is soon drawn
    st.cache_resource.clear()
    sent: list[ForwardMsg] = []
    queue = ForwardMsgQueue.enqueue

    def noted(self: ForwardMsgQueue, message: ForwardMsg) -> None:
        sent.append(message)
        queue(self, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", noted)
    for page in PAGES:
        app = AppTest.from_file(ROOT / "dashboard" / "navigation.py", default_timeout=30)
        app._page_hash = calc_hash(page.path)
        app.run()
        titles = [each.page_config_changed.title for each in sent if each.HasField("page_config_changed")]
        assert titles[-1] == f"{page.title} · SGD laboratory"
    st.cache_resource.clear()

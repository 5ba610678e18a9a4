"""A visitor without a browser: a session with a running dashboard, in Streamlit's own websocket protocol."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE: Final = 60.0
_ENDED: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Answer:
    """What the server sent for one run of a page: its time, its problems, and the newest element of each place."""

    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)
    placed: dict[tuple[int, ...], Element] = field(default_factory=dict)
    fragments: dict[str, float] = field(default_factory=dict)

    @property
    def elements(self) -> list[Element]:
        """The elements of the page."""
        return list(self.placed.values())

    def of(self, kind: str) -> list[Any]:
        """The elements of a kind, by its name in Streamlit's protocol: `heading`, `button`, `alert`, ..."""
        return [getattr(each, kind) for each in self.elements if each.WhichOneof("type") == kind]

    def widget(self, kind: str, label: str) -> str:
        """The id of the widget with a label."""
        return next(str(each.id) for each in self.of(kind) if each.label == label)


class Session:
    """One visitor, who opens one page after another, like a browser tab.

    After the first page, `pages` are the addresses of all pages and `query` is the query string of the current one.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._page_hash: dict[str, str] = {}
        self._kept: set[str] = set()
        self.query = ""
        self.pages: list[str] = []

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        """Connect to the dashboard at `url` as its own page does, and disconnect at the end of the block."""
        place = urlsplit(url)
        async with connect(
            f"ws://{place.netloc}/_stcore/stream",
            origin=Origin(url),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=PATIENCE,
        ) as connection:
            yield cls(connection)

    async def ask(
        self, page: str = "", widgets: Mapping[str, Mapping[str, Any]] | None = None, fragment: str = ""
    ) -> Answer:
        """Run a page, by the path in its address, or one of its fragments, and wait until it is complete.

        `widgets` are the values that differ from the page's own: from the id to a field of `WidgetState` and its value.
        """
        message = BackMsg()
        request = message.rerun_script
        request.query_string = self.query
        request.page_name = page
        request.page_script_hash = self._page_hash.get(page, "")
        request.fragment_id = fragment
        request.is_auto_rerun = bool(fragment)
        request.cached_message_hashes.extend(self._kept)
        for name, value in (widgets or {}).items():
            request.widget_states.widgets.add(id=name, **value)
        answer, began = Answer(), time.perf_counter()
        await self._connection.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not await self._take(answer, page):
                pass
        answer.seconds = time.perf_counter() - began
        return answer

    async def _take(self, answer: Answer, page: str) -> bool:
        """Read one message; return whether it is the last of the answer."""
        message = ForwardMsg.FromString(await self._connection.recv(decode=False))
        match message.WhichOneof("type"):
            case "new_session":
                answer.placed.clear()  # they belong to a run that was interrupted by another
                answer.fragments.clear()
            case "delta" if message.delta.HasField("new_element"):
                self._keep(answer, message)
            case "navigation":
                self._page_hash[page] = message.navigation.page_script_hash
                self.pages = ["" if each.is_default else each.url_pathname for each in message.navigation.app_pages]
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "page_not_found":
                answer.troubles.append(f"there is no page {page!r}")
            case "auto_rerun":
                answer.fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    answer.troubles.append("the page could not be compiled")
                return message.script_finished in _ENDED
        return False

    def _keep(self, answer: Answer, message: ForwardMsg) -> None:
        """Add an element. If the server says that it may be cached, name it in the next request, as a browser does."""
        element = message.delta.new_element
        answer.placed[tuple(message.metadata.delta_path)] = element
        if message.metadata.cacheable:
            self._kept.add(message.hash)
        if element.WhichOneof("type") == "exception":
            answer.troubles.append(f"{element.exception.type}: {element.exception.message}")

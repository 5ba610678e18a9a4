"""What a page says while nothing has filled it, so that it does not stay blank where its websocket is refused."""

from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

_END: Final = b"</body>"
_OTHERS: Final = ("/_stcore/", "/component/", "/media/")


class Waiting:
    """Puts `waiting.html` into the page that Streamlit answers every address with."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        page = Path(get_static_dir(), "index.html").read_bytes()
        self._page = page.replace(_END, Path(__file__).with_suffix(".html").read_bytes() + _END)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page as it is here in place of Streamlit's, and let all else through."""
        is_page = False

        async def send_page(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                is_page = message["status"] == 200 and headers.get("content-type", "").startswith("text/html")
                if is_page:
                    for name in ("content-encoding", "etag", "last-modified", "accept-ranges"):
                        del headers[name]
                    headers["content-length"] = str(len(self._page))
            elif is_page:
                if message.get("more_body"):
                    return
                message = {**message, "body": self._page if scope["method"] == "GET" else b""}
            await send(message)

        other = scope["type"] != "http" or any(place in scope["path"] for place in _OTHERS)
        await self._app(scope, receive, send if other else send_page)

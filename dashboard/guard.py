"""The guard before the server: which requests it takes at all, and what its pages may load in a browser."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.file_util import get_static_dir

from dashboard.read_only import is_read_only, why_off

_UPLOAD: Final = "/_stcore/upload_file"
_INLINE_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def guards() -> list[Middleware]:
    """The middleware that every request passes, the outermost first.

    Streamlit itself holds only its websocket to `server.allowedHosts`, and asks a host outside for this machine's
    address before it refuses a foreign origin. With these, neither the one nor the other gets as far as that.
    """
    return [
        Middleware(Guard, also=config.get_option("server.corsAllowedOrigins")),
        Middleware(TrustedHostMiddleware, allowed_hosts=config.get_option("server.allowedHosts"), www_redirect=False),
    ]


class Guard:
    """Refuses what a web page of another origin asks for, by HTTP or websocket; programs send no origin.

    With every answer it tells the browser to load nothing from elsewhere and to show the pages in no frame.
    """

    def __init__(self, app: ASGIApp, also: list[str]) -> None:
        self._app, self._also = app, also
        self._headers = _response_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to a foreign origin, and to an upload where the server is read-only; let all else through."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":  # messages of a websocket have no headers
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        app: ASGIApp = self._app
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and origin not in self._also and origin.rpartition("://")[2] != headers.get("host"):
                app = PlainTextResponse("Foreign origin", status_code=403)
            elif _UPLOAD in scope["path"] and is_read_only():
                app = PlainTextResponse(why_off("take files"), status_code=403)
        await app(scope, receive, send_with_headers)


def _response_headers() -> dict[str, str]:
    """The headers of every answer.

    Of inline scripts only those of Streamlit's own page run. Styles are written by scripts; a component's script is a
    blob that the page makes of what the server sent.
    """
    scripts = _INLINE_SCRIPT.findall(Path(get_static_dir(), "index.html").read_bytes())
    hashes = " ".join(f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' blob: {hashes}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{directive} {sources}" for directive, sources in policy.items()),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }

"""Who may ask the running server for something: this machine, by its own names, and its own pages."""

import socket
from urllib.parse import urlsplit

import psutil
import pytest

from benchmarks.sessions import Answer, Session
from tests.browser.servers import Dashboard
from tests.security.raw import STREAM, WEBSOCKET, send
from tests.waiting import until_answered

REBOUND = [
    "attacker.example",
    "attacker.example:8501",
    "localhost.attacker.example",
    "127.0.0.1.attacker.example",
    "192.0.2.7",
    "0.0.0.0",  # noqa: S104  a name to refuse, not to bind to
    "[::1]",
    "localhost@attacker.example",
    "",
]
FOREIGN = [
    "http://attacker.example",
    "https://localhost.attacker.example",
    "http://127.0.0.1:1",
    "http://localhost",
    "file://",
    "http://[",
    "null",
    "",
]
FORM = {"Content-Type": "multipart/form-data; boundary=b", "X-Xsrftoken": "", "Cookie": ""}
FILE = '--b\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\na\r\n--b--\r\n'


def other_addresses() -> list[str]:
    """The addresses of this machine at which nobody is to be found, another one of its own loopback included."""
    mine = [each.address for found in psutil.net_if_addrs().values() for each in found if each.family is socket.AF_INET]
    return ["127.0.0.2", *(address for address in mine if not address.startswith("127."))]


def test_it_listens_to_this_machine_only(shown: Dashboard) -> None:
    family = [shown.process, *shown.process.children(recursive=True)]
    heard = {each.laddr.ip for one in family for each in one.net_connections() if each.status == psutil.CONN_LISTEN}
    assert heard == {"127.0.0.1"}
    for address in other_addresses():
        with pytest.raises(OSError, match=r"refused|unreachable"):
            socket.create_connection((address, urlsplit(shown.url).port), timeout=5).close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_it_answers_to_its_own_names_with_and_without_a_port(shown: Dashboard, name: str) -> None:
    for host in (name, f"{name}:{urlsplit(shown.url).port}"):
        assert send(shown.url, "/", {"Host": host}).status == 200
        assert send(shown.url, STREAM, {**WEBSOCKET, "Host": host}).status == 101


@pytest.mark.parametrize("host", [*REBOUND, *other_addresses()])
def test_a_name_that_was_rebound_to_this_machine_is_refused(shown: Dashboard, host: str) -> None:
    same = {"Host": host, "Origin": f"http://{host}"}
    assert send(shown.url, STREAM, WEBSOCKET | same).status == 400
    for path in ("/", "/_stcore/health", "/media/x", "/_stcore/host-config"):
        assert send(shown.url, path, same).status == 400


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_from_elsewhere_is_refused_before_streamlit_looks_at_it(shown: Dashboard, origin: str) -> None:
    """Streamlit would ask a host outside for this machine's address first."""
    for path, headers in ((STREAM, WEBSOCKET), ("/_stcore/health", {})):
        reply = send(shown.url, path, {**headers, "Origin": origin})
        assert (reply.status, reply.body) == (403, "Foreign origin")


def test_its_own_page_and_a_program_are_let_in(shown: Dashboard) -> None:
    assert send(shown.url, STREAM, {**WEBSOCKET, "Origin": shown.url}).status == 101
    assert send(shown.url, STREAM, WEBSOCKET).status == 101
    assert send(shown.url, "/_stcore/health", {"Origin": shown.url}).status == 200


def test_a_file_is_taken_only_from_its_own_page_and_with_its_token(shown: Dashboard) -> None:
    path = "/_stcore/upload_file/no-session/no-file"
    cookie = send(shown.url, "/_stcore/health").headers["set-cookie"].partition(";")[0]
    signed = FORM | {"Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2]}
    for method in ("PUT", "DELETE"):
        assert send(shown.url, path, FORM, method, FILE).status == 403
        assert send(shown.url, path, {**FORM, "Cookie": cookie}, method, FILE).status == 403
        assert send(shown.url, path, {**FORM, "X-Xsrftoken": signed["X-Xsrftoken"]}, method, FILE).status == 403
        assert send(shown.url, path, {**signed, "Origin": "http://attacker.example"}, method, FILE).status == 403
    reply = send(shown.url, path, {**signed, "Origin": shown.url}, "PUT", FILE)
    assert (reply.status, "Invalid session_id" in reply.body) == (400, True)


@pytest.mark.parametrize("path", ["/", "/train", "/_stcore/health", "/static/js/none.js", "/media/none", "/%2e%2e/x"])
def test_every_answer_tells_browsers_to_load_nothing_from_elsewhere_and_to_frame_nothing(
    shown: Dashboard, path: str
) -> None:
    headers = send(shown.url, path).headers
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & set(policy["script-src"].split())
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_program_cannot_drive_the_pages_through_streamlits_agent_interface(shown: Dashboard) -> None:
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        reply = send(shown.url, path, {"Content-Type": "application/json"}, "POST", "{}")
        assert reply.status >= 400
        assert "does not serve the agent API" in reply.body


def test_an_error_on_a_page_tells_nothing_of_the_machine(shown: Dashboard) -> None:
    async def ask() -> Answer:
        async with Session.open(shown.url) as session:
            page = await session.ask("train")
            broken = {page.widget("slider", "Learning rate"): {"bytes_value": b"x"}}
            return await session.ask("train", broken)

    answer = until_answered(ask())
    [error], [trouble] = answer.of("exception"), answer.troubles
    assert trouble.startswith("TypeError")
    assert error.type == "TypeError"
    assert "redacted" in error.message
    assert list(error.stack_trace) == []
    text = "".join(str(element) for element in answer.elements)
    assert str(shown.project.root) not in text
    assert "site-packages" not in text

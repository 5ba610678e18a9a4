"""No address, no id and no value from a browser leads to a file that the server was not asked to show."""

from tests.browser.servers import Dashboard
from tests.security.raw import send

OUT = [
    "/",  # no folder is listed
    "/../params.yaml",
    "/../../params.yaml",
    "/%2e%2e/params.yaml",
    "/..%2fparams.yaml",
    "/.%2e/%2e./params.yaml",
    "/..%5cparams.yaml",
    "/%252e%252e/params.yaml",
    "//params.yaml",
    "/./../params.yaml",
    "/train/../../params.yaml",
    "/file:///etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/../../../../../../etc/passwd",
    "/~root/.profile",
]
PREFIXES = ["", "/static", "/static/js", "/media", "/component/x", "/_stcore/bidi-components/x", "/app/static"]


def test_no_path_leads_out_of_what_is_served(shown: Dashboard) -> None:
    page = send(shown.url, "/").body
    project = [(shown.project.root / name).read_text(encoding="utf-8") for name in ("params.yaml", ".dvc/config")]
    for path in (f"{prefix}{out}" for prefix in PREFIXES for out in OUT):
        reply = send(shown.url, path)
        assert reply.status >= 300 or reply.body == page, path
        assert "\nroot:" not in f"\n{reply.body}"
        assert str(shown.project.root) not in reply.body
        assert reply.body not in project

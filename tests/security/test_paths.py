"""No address, no id and no value from a browser leads to a file that the server was not asked to show."""

from benchmarks.sessions import Answer, Session
from tests.browser.servers import Dashboard
from tests.security.raw import send
from tests.waiting import until_answered

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
NO_JOBS = ["../../params.yaml", "/etc/passwd", "..", "%2e%2e%2fparams.yaml", "a%00b", "%0a", "x" * 5000, "$(id)", "😀"]


def test_no_path_leads_out_of_what_is_served(shown: Dashboard) -> None:
    page = send(shown.url, "/").body
    project = [(shown.project.root / name).read_text(encoding="utf-8") for name in ("params.yaml", ".dvc/config")]
    for path in (f"{prefix}{out}" for prefix in PREFIXES for out in OUT):
        reply = send(shown.url, path)
        assert reply.status >= 300 or reply.body == page, path
        assert "root:" not in reply.body
        assert str(shown.project.root) not in reply.body
        assert reply.body not in project


def test_an_address_that_names_no_job_shows_the_page_and_says_so(shown: Dashboard) -> None:
    async def ask() -> list[Answer]:
        async with Session.open(shown.url) as session:
            answers = []
            for job in NO_JOBS:
                session.query = f"job={job}"
                answers.append(await session.ask("train"))
            return answers

    for answer in until_answered(ask()):
        assert answer.troubles == []
        assert next(each.body for each in answer.of("heading")) == "Train"
        assert [each.body.partition(".")[0] for each in answer.of("alert")] == [
            "The run in this address is no longer kept"
        ]

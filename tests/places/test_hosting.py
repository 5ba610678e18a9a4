"""A server for visitors: a clone in which nothing has run, read-only."""

import psutil
import pytest

from benchmarks.sessions import Answer, Session
from dashboard.experiments import listing
from dashboard.live.plans import Plan
from dashboard.live.registry import Registry
from dashboard.read_only import VARIABLE
from dashboard.record.reading import read_record
from dashboard.views import PAGES, START
from dashboard.views.table import training
from pipeline.safety.errors import UserError
from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.security.raw import send
from tests.waiting import until_answered

MEMORY = 700 * 2**20

OFF = {
    "train": ["train"],
    "seeds": ["train", "train"],
    "experiments": ["adopt, rename or remove runs"],
    "predict": ["take files"],
    "table": ["take tables"],
}
"""What is off on each page."""


def sentence(what: str) -> str:
    return f"This server is read-only and does not {what}; a clone of the project does (`make dashboard`)."


def test_every_page_works_or_says_what_is_off_with_no_worker_in_little_memory(cloned: Project) -> None:
    before = cloned.results()
    with dashboard(cloned, variables={VARIABLE: "1"}) as server:
        answers = until_answered(visit(server))
        for name, answer in answers.items():
            assert answer.troubles == [], name
            assert answer.of("heading"), name
            assert [alert.body for alert in answer.of("alert")] == list(map(sentence, OFF.get(name, []))), name
            assert answer.of("file_uploader") == [], name
        pressable = {each.label for answer in answers.values() for each in answer.of("button") if not each.disabled}
        assert pressable.isdisjoint({"Train", "Run the pipeline", "Adopt", "Train on this table"})
        reply = send(server.url, "/_stcore/upload_file/any/file", method="PUT", body="x")
        assert (reply.status, reply.body) == (403, sentence("take files")[:-1].replace("This", "this"))
        assert server.process.children(recursive=True) == []
        assert server.process.memory_info().rss < MEMORY
    assert cloned.results() == before
    assert cloned.git("status", "--porcelain") == ""


async def visit(server: Dashboard) -> dict[str, Answer]:
    async with Session.open(server.url) as session:
        return {page.path: await session.ask("" if page is START else page.path) for page in PAGES}


def test_whatever_changes_something_is_refused_by_the_server_too(
    monkeypatch: pytest.MonkeyPatch, cloned: Project, recorded: Project
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    root, record = cloned.root, read_record(recorded.store)
    plan = Plan.of(record.training.settings, record.data.settings, record)
    run = listing.list_experiments(root)[1]
    registry = Registry(root)
    for action in (
        lambda: registry.start(plan),
        lambda: listing.repro(root),
        lambda: listing.adopt(root, {"train.epochs": 2}),
        lambda: listing.record(root, {"train.epochs": 2}, "two"),
        lambda: listing.rename(root, run, "another"),
        lambda: listing.remove(root, [run]),
        lambda: training._train(root, None, {}, []),  # type: ignore[arg-type]
    ):
        with pytest.raises(UserError, match=r"^this server is read-only and does not "):
            action()
    registry.close()
    assert psutil.Process().children() == []

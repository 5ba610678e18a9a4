"""The visitor of `make load` speaks with the real server as a browser does, page by page."""

from benchmarks.sessions import Answer, Session
from dashboard.views import PAGES
from tests.browser.servers import Dashboard
from tests.waiting import until_answered


def test_a_visitor_without_a_browser_gets_every_page_whole(shown: Dashboard) -> None:
    async def ask() -> dict[str, list[Answer]]:
        async with Session.open(shown.url) as session:
            addresses = ["", *(page.path for page in PAGES[1:])]
            return {address: [await session.ask(address) for _ in range(2)] for address in addresses}

    for address, answers in until_answered(ask()).items():
        for answer in answers:
            assert answer.troubles == [], address
            assert answer.of("heading"), address
        # an element that came as a reference to the first answer would be missing in the second
        first, second = ([each.WhichOneof("type") for each in answer.elements] for answer in answers)
        assert first == second, address

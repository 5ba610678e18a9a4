"""Names that mean something to Markdown, LaTeX, HTML, JavaScript, Vega or this project, through every page."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from dashboard.views import PAGES
from tests.browser.conftest import Visit
from tests.browser.lessons import at_rest
from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.records import record

TARGET: Final = "error"
NAMES: Final = (
    "constructor", "toString", "valueOf", "hasOwnProperty", "__defineGetter__", "__proto__",
    "bias", "row", "predicted", "residual", "weight", "epoch",
    "a.b", "c[d]", "*e*", "$x$ y$", "[click](http://x.example)", "__img__<b>x", "www.example.com", "me@example.com",
)  # fmt: skip


@pytest.fixture(scope="module")
def visited(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The dashboard of a table whose columns have such names."""
    project = recorded.copy(tmp_path_factory.mktemp("wild") / "project")
    values = np.random.default_rng(0).normal(size=(90, len(NAMES) + 1)).round(3)
    table = pd.DataFrame(values, columns=[*NAMES, TARGET]).to_csv(index=False)
    project.use_own(table, TARGET, NAMES, train__batch_size="16", train__epochs="20")
    record(project)
    with dashboard(project) as shown:
        yield shown


@pytest.mark.parametrize("name", [each.path for each in PAGES])
def test_a_page_shows_such_names_as_they_are(visit: Visit, name: str) -> None:
    _expect_names_as_they_are(visit(name))


def test_a_step_shows_such_names_as_they_are(page: Page, visited: Dashboard) -> None:
    page.goto(visited.page("step?step-part=4.+Gradient"))
    at_rest(page)
    _expect_names_as_they_are(page)


def _expect_names_as_they_are(page: Page) -> None:
    for chart in page.get_by_test_id("stVegaLiteChart").filter(visible=True).all():
        expect(chart.get_by_role("img").first).to_be_visible()
        size = chart.bounding_box()
        assert size is not None
        assert size["height"] > 100
    main = page.get_by_test_id("stMain")
    assert "example" not in " ".join(link.get_attribute("href") or "" for link in main.get_by_role("link").all())
    assert {mark.inner_text() for mark in main.locator("em").all()}.isdisjoint({"e"})
    assert "x" not in {formula.inner_text() for formula in main.locator(".katex-html").all()}
    assert "\\" not in main.inner_text()

"""A table of mixed kinds with gaps, through every page, wide and narrow, by light and in the dark."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from dashboard.views import PAGES
from tests.browser.conftest import Visit
from tests.browser.lessons import SCHEMES, WIDTHS, at_rest
from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.records import record
from tests.tables import CATEGORIES, FEATURES, mixed


@pytest.fixture(scope="module")
def visited(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The dashboard of such a table."""
    project = recorded.copy(tmp_path_factory.mktemp("kinds") / "project")
    settings = {"normalize__categories": json.dumps(CATEGORIES), "normalize__missing": "mean", "train__epochs": "20"}
    project.use_own(mixed().to_csv(index=False), "price", FEATURES, **settings)
    record(project)
    with dashboard(project) as shown:
        yield shown


@pytest.mark.parametrize("name", [each.path for each in PAGES])
def test_a_page_shows_a_table_of_mixed_kinds(visit: Visit, name: str) -> None:
    page = visit(name)
    for width, scheme in zip(WIDTHS.values(), SCHEMES, strict=True):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        at_rest(page)
        for chart in page.get_by_test_id("stVegaLiteChart").filter(visible=True).all():
            expect(chart.get_by_role("img").first).to_be_visible()
    assert "NaN" not in page.get_by_test_id("stMain").inner_text()

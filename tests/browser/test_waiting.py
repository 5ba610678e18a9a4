"""Where its websocket is refused, a page says so."""

from playwright.sync_api import Browser, expect

from tests.browser.servers import Dashboard
from tests.waiting import PATIENCE

SAID = "The dashboard has not answered for ten seconds."


def test_a_page_whose_websocket_is_refused_says_so_and_one_that_is_filled_does_not(
    browser: Browser, shown: Dashboard
) -> None:
    context = browser.new_context()
    context.set_default_timeout(1_000 * PATIENCE)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Animation.enable")
    devtools.send("Animation.setPlaybackRate", {"playbackRate": 100})  # the ten seconds are those of an animation
    said = page.get_by_text(SAID)
    page.goto(shown.page("results"))
    expect(page.get_by_role("heading", name="Which run this is")).to_be_visible()
    expect(said).to_be_hidden()
    page.route_web_socket("**/_stcore/stream", lambda websocket: websocket.close())
    page.goto(shown.page("results"))
    expect(said).to_be_visible()
    page.route("**/static/js/**", lambda route: route.abort())  # as where the server refuses the page's origin
    page.goto(shown.page("results"))
    expect(said).to_be_visible()
    context.close()

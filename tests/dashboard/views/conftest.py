"""Pages of projects in every state, run as Streamlit runs them, in this process and without a browser."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from dashboard.live.registry import Registry
from dashboard.record.reading import Records
from dashboard.views.parts import commands, jobs, shared
from tests.dashboard.views.descents import Descent
from tests.projects import Project
from tests.records import record
from tests.sharing import made_once
from tests.tables import CATEGORIES, FEATURES, mixed

OpenPage = Callable[..., AppTest]
Offered = Callable[[str], pd.DataFrame]


def is_up(app: AppTest) -> bool:
    """Whether a page was drawn to its end."""
    return not app.exception and not app.error and len(app.title) > 0


def texts(page: AppTest) -> str:
    """All that a page says, the title first, without the signs that keep Markdown from reading it."""
    kinds = (page.title, page.markdown, page.caption, page.info, page.warning, page.error, page.success)
    said = [str(element.value) for kind in kinds for element in kind]
    said += [f"{card.label}: {card.value} {card.delta}" for card in page.metric]
    return "\n".join(said).replace("\\", "").replace("\u2060", "")


def lacking(page: AppTest, *sentences: str) -> list[str]:
    """Those of the sentences that a page does not say."""
    said = texts(page)
    return [sentence for sentence in sentences if sentence not in said]


def cards(page: AppTest) -> dict[str, str]:
    """The numbers of the cards of a page, by what they are called."""
    return {metric.label: str(metric.value) for metric in page.metric}


def press(page: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    return next(button for button in page.button if button.label == label).click().run()


def charts(page: AppTest) -> list[str]:
    """What each chart says to those who do not see it."""
    return [chart.proto.alt for chart in page.get("vega_lite_chart")]


def drawn(page: AppTest, alt: str, name: str = "rows") -> pd.DataFrame:
    """A table behind the chart whose alternative text has the words `alt`."""
    table = next(data for data in chart(page, alt).datasets if data.name == name)
    return convert_arrow_bytes_to_pandas_df(table.data.data)


def axes(page: AppTest, alt: str) -> set[str]:
    """The titles of the axes of that chart."""
    layers = json.loads(chart(page, alt).spec)["layer"]
    return {str(layer["encoding"].get(axis, {}).get("title")) for layer in layers for axis in ("x", "y")} - {"None"}


def chart(page: AppTest, alt: str) -> Any:
    """The chart whose alternative text has the words `alt`."""
    return next(chart.proto for chart in page.get("vega_lite_chart") if alt in chart.proto.alt)


def _script(name: str) -> None:
    from dashboard.views import PAGES

    next(page for page in PAGES if page.path == name).show()


_READERS: Final = 8
_BY_DVC: Final = ("hidden", "own")
"""Of these what DVC keeps is read too: the run in its cache, the name of the table in its lock file."""


@pytest.fixture(scope="session")
def readers() -> dict[Path, Records]:
    """Readers of the projects that were shown last, by folder: what pages keep of a run is there when it comes back."""
    return {}


@pytest.fixture
def open_page(
    monkeypatch: pytest.MonkeyPatch, shared_trainer: Registry, recorded: Project, readers: dict[Path, Records]
) -> Iterator[OpenPage]:
    """Show a page by its path: of the recorded project, or of that in another folder `root`.

    The rest of its address is given by name, `seeds="3"`, `step__rate="1"`.
    """
    monkeypatch.setattr(jobs, "registry", lambda: shared_trainer)

    def show(name: str, root: Path = recorded.root, **address: str | list[str]) -> AppTest:
        reader = readers.pop(root) if root in readers else Records(root)
        readers[root] = reader
        for earlier in list(readers)[:-_READERS]:
            del readers[earlier]
        shared.records.clear()  # a server shows one project only
        monkeypatch.setattr(shared, "Records", lambda: reader)
        app = AppTest.from_function(_script, args=(name,), default_timeout=30)
        for key, value in address.items():
            app.query_params[key.replace("__", "-")] = value
        return app.run()

    yield show
    commands._slot.clear()  # what a visitor started is no business of the next test
    jobs._last_sweep.clear()


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    """Read a CSV file that the page which was opened last offers, by its name."""
    made: dict[str, Callable[[], bytes]] = {}
    keep = MediaFileManager.add_deferred

    def noted(manager: MediaFileManager, make: Any, *others: Any, **more: Any) -> str:
        made[more["file_name"]] = make
        return keep(manager, make, *others, **more)

    monkeypatch.setattr(MediaFileManager, "add_deferred", noted)
    return lambda name: pd.read_csv(BytesIO(made[name]()))


@pytest.fixture(scope="session")
def hidden(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose recorded model has two hidden layers and descends on the absolute error."""
    settings = {"train__model": "two_hidden", "train__loss": "mae", "train__epochs": "20"}
    return _changed(recorded, tmp_path_factory, "hidden", lambda project: project.set(**settings))


@pytest.fixture(scope="session")
def diverged(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose recorded run diverged."""
    return _changed(recorded, tmp_path_factory, "diverged", lambda project: project.set(normalize__scaling="none"))


@pytest.fixture(scope="session")
def own(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a table of its own: odd names, no units, two features, few rows."""
    rows = "".join(f"{i},{(i * 7) % 13 - 6},{3 * i + ((i * 7) % 13) / 2}\n" for i in range(60))
    table = f"$size of *it*,=left_over,price: €\n{rows}"
    return _changed(
        recorded,
        tmp_path_factory,
        "own",
        lambda project: project.use_own(table, "price: €", ["$size of *it*", "=left_over"]),
    )


@pytest.fixture(scope="session")
def single(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a table of its own that has one feature, and targets in the 100,000s."""
    rows = "".join(f"{i},{100_000 + 5_000 * i + 40_000 * (i * 7 % 13)}\n" for i in range(60))
    return _changed(
        recorded, tmp_path_factory, "single", lambda project: project.use_own(f"area,price\n{rows}", "price", ["area"])
    )


@pytest.fixture(scope="session")
def kinds(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a table of its own that has categories, yes or no, dates and gaps, which are filled."""
    settings = {"normalize__categories": json.dumps(CATEGORIES), "normalize__missing": "mean"}
    table = mixed().to_csv(index=False)
    return _changed(
        recorded, tmp_path_factory, "kinds", lambda project: project.use_own(table, "price", FEATURES, **settings)
    )


@pytest.fixture(scope="session")
def with_momentum(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose recorded run has Nesterov's momentum."""
    settings = {"train__momentum": "0.9", "train__nesterov": "true"}
    return _changed(recorded, tmp_path_factory, "momentum", lambda project: project.set(**settings))


@pytest.fixture(params=["recorded", "with_momentum"])
def descent(request: pytest.FixtureRequest) -> Descent:
    """The descent of the recorded run, computed by hand; and that of one with Nesterov's momentum."""
    return Descent(request.getfixturevalue(request.param).root)


def _changed(
    recorded: Project, factory: pytest.TempPathFactory, name: str, change: Callable[[Project], None]
) -> Project:
    """The recorded project after a change, run again."""

    def make(root: Path) -> None:
        project = recorded.copy(root)
        change(project)
        project.repro() if name in _BY_DVC else record(project)

    return made_once(factory, name, make)


@pytest.fixture(scope="session")
def states(recorded: Project, hidden: Project, diverged: Project, own: Project) -> dict[str, Path]:
    """The recorded projects by name of their state."""
    return {"linear": recorded.root, "hidden": hidden.root, "diverged": diverged.root, "own": own.root}


def component(page: AppTest) -> dict[str, Any]:
    """What the first component of a page is given."""
    given: dict[str, Any] = json.loads(page.get("bidi_component")[0].proto.json)
    return given

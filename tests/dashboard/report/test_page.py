"""The page to hand over: the numbers of the run, pictures of its rows, and nothing that runs or is loaded."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from dashboard.charts.curves import overlaid_losses
from dashboard.experiments.listing import list_experiments
from dashboard.record.snapshot import Record
from dashboard.report import experiments, results
from dashboard.report.document import Figure, Section, Table, page
from pipeline.record.metrics import METRICS
from pipeline.record.store import WEIGHTS
from pipeline.safety.files import sha256
from tests.projects import Project

HOSTILE = "</td><script>alert(1)</script>&\"'"


class Reader(HTMLParser):
    """The tables of a page, row by row, its text, its tags and the names within it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.said: list[str] = []
        self.labels: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and begin a table, a row or a cell."""
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.labels += [value or "" for name, value in attrs if name == "aria-label"]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_data(self, data: str) -> None:
        """Note a text, and add it to its cell."""
        self.said.append(data)
        if data.strip() and self.tags and self.tags[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module")
def written(record: Record) -> str:
    """The recorded run as a page."""
    return page(results.sections(record, "1a2b3c4"))


def test_the_numbers_the_settings_and_the_hashes_are_those_of_the_run(
    written: str, record: Record, recorded: Project
) -> None:
    scores, run, train, normalize, hashes = Reader(written).tables
    assert scores[0] == ["", *(metric.name for metric in METRICS.values())]
    rows = {"predicting the mean": "baseline", "this run": "test", "least squares": "least_squares"}
    for row, part in zip(scores[1:], rows.items(), strict=True):
        assert row[0] == part[0]
        numbers = [float(cell.replace("−", "-")) for cell in row[1:]]
        assert numbers == [recorded.store.read_metrics().model_dump()[part[1]][key] for key in METRICS]
    assert ["committed in", "1a2b3c4"] in run
    assert any("tensorflow" in cell for _, cell in run)
    assert ["learning_rate", "0.01"] in train
    assert [name for name, _ in train[1:]] == list(record.training.settings.model_dump())
    assert ["scaling", "z-score"] in normalize
    assert ["weights.parquet", sha256((recorded.root / WEIGHTS).read_bytes())] in hashes


def test_each_picture_draws_the_rows_of_the_run_and_says_what_it_shows(written: str, record: Record) -> None:
    labels = Reader(written).labels
    figures = (results.loss_per_epoch, results.weights, results.predictions, results.what_is_left)
    assert {figure(record).alt for figure in figures} <= set(labels)
    drawn = [re.fullmatch(r"actual median price.*?: (\d+\.?\d*); predicted median price.*", label) for label in labels]
    assert sorted(float(row[1]) for row in drawn if row) == sorted(record.data.target[record.data.split.test])


def test_nothing_in_the_page_runs_or_is_loaded_and_no_name_stands_twice(written: str) -> None:
    read = Reader(written)
    assert not {"script", "img", "link", "iframe", "image"} & set(read.tags)
    addresses = set(re.findall(r"""(?:https?:)?//[^\s"'<>)]+""", written))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert len(read.ids) == len(set(read.ids)) > 0


def test_text_of_others_is_text_in_sentences_cells_captions_and_pictures() -> None:
    history = pd.DataFrame({"epoch": [0, 1], "training_loss": [2.0, 1.0], "validation_loss": [2.0, 1.0]})
    chart = overlaid_losses({HOSTILE: history, "other": history}, "training", HOSTILE)
    table = Table(pd.DataFrame({HOSTILE: [HOSTILE, None]}), HOSTILE)
    read = Reader(page([Section(HOSTILE, [HOSTILE, table, Figure(chart, HOSTILE, HOSTILE)])]))
    assert "script" not in read.tags
    assert read.tables == [[[HOSTILE], [HOSTILE], ["–"]]]
    assert "".join(read.said).count(HOSTILE) >= 7
    assert HOSTILE in read.labels


def test_runs_stand_side_by_side_with_their_curves(recorded: Project, record: Record) -> None:
    runs = list_experiments(recorded.root)
    assert [run.kind for run in runs] == ["workspace", "head"]
    read = Reader(page(experiments.sections(runs, runs, lambda _: record)))
    everything, differing = read.tables
    assert [row[0] for row in everything[1:]] == [run.title for run in runs]
    column = everything[0].index("test MSE")
    assert {row[column] for row in everything[1:]} == {"22.721"}
    assert differing[0] == ["what", *(run.title for run in runs)]
    assert {f"The {rows} loss of now, {runs[1].title} in one chart." for rows in ("training", "validation")} <= set(
        read.labels
    )
    one = experiments.sections(runs, runs[:1], lambda _: record)
    assert [section.title for section in one] == ["Experiments"]


def test_make_report_writes_the_page_or_says_what_is_broken(project_copy: Project) -> None:
    said = project_copy.python("-m", "dashboard.report").stdout
    assert (
        said == "report.html shows the recorded run and the experiments; it opens in any browser, without a network\n"
    )
    assert len(Reader((project_copy.root / "report.html").read_text()).tables) == 5
    assert "report.html" not in project_copy.git("status", "--porcelain")
    (project_copy.root / WEIGHTS).write_bytes(b"no weights")
    broken = project_copy.python("-m", "dashboard.report", status=1)
    assert re.fullmatch(r"error: there is no run to report: .*; run `make repro` first\n", broken.stderr)

"""A server for visitors: a clone in which nothing has run, read-only."""

import json
import re

import numpy as np
import pandas as pd
import psutil
import pytest
from ruamel.yaml import YAML

from benchmarks.sessions import Answer, Session
from dashboard.experiments import listing, sharing, sweeping
from dashboard.live.plans import Plan
from dashboard.live.registry import Registry
from dashboard.read_only import VARIABLE
from dashboard.record.reading import read_record
from dashboard.views import PAGES, START
from dashboard.views.table import training
from pipeline.record.store import HISTORY, METRICS, ROOT
from pipeline.safety.errors import UserError
from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.security.raw import send
from tests.waiting import until_answered

MEMORY = 700 * 2**20

OFF = {
    "train": ["train"],
    "seeds": ["train", "train"],
    "experiments": ["adopt, prove, share, rename or remove runs"],
    "sweep": ["train"],
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
        page = send(server.url, "/results")
        assert "The dashboard has not answered" in page.body
        assert int(page.headers["content-length"]) == len(page.body.encode())
        reply = send(server.url, "/_stcore/upload_file/any/file", method="PUT", body="x")
        assert (reply.status, reply.body) == (403, sentence("take files")[:-1].replace("This", "this"))
        assert server.process.children(recursive=True) == []
        assert server.process.memory_info().rss < MEMORY
    assert cloned.results() == before
    assert cloned.git("status", "--porcelain") == ""


async def visit(server: Dashboard) -> dict[str, Answer]:
    async with Session.open(server.url) as session:
        return {page.path: await session.ask("" if page is START else page.path) for page in PAGES}


def test_a_pull_request_is_told_which_metrics_change_and_how_the_loss_goes(project_copy: Project) -> None:
    project_copy.commit()
    whole = project_copy.root / HISTORY
    metrics = project_copy.root / METRICS
    metrics.write_text(metrics.read_text("utf-8").replace('"epochs_run": 200', '"epochs_run": 100'), "utf-8")
    whole.write_text("".join(whole.read_text("utf-8").splitlines(keepends=True)[:102]), "utf-8")
    losses = np.log10(pd.read_csv(whole)["validation_loss"].to_numpy())
    said = project_copy.run(".ci/comment", "HEAD").stdout
    [row] = [line for line in said.splitlines() if "epochs_run" in line]
    assert re.findall(r"-?\d+", row) == ["200", "100", "-100"]
    before, now = (json.loads(line.split("line ")[1]) for line in said.splitlines() if "  line [" in line)
    assert len(before) == len(now) == 101
    assert now[:51] == pytest.approx(losses[::2], abs=1e-4)
    assert before[:51] == now[:51]
    assert set(now[51:]) == {now[50]}  # a run that is shorter stays at its last loss


def test_the_image_is_built_from_what_is_there_and_its_server_is_no_administrator_and_is_asked_for_its_health() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    by_name = {name: [each[1:] for each in words if each[0] == name] for name in {each[0] for each in words}}
    copied = [file for each in by_name["COPY"] for file in each[:-1] if not file.startswith("--")]
    assert [file for file in copied if not (ROOT / file).exists()] == []
    assert int(by_name["USER"][-1][0]) > 0
    assert words.index(["USER", *by_name["USER"][-1]]) < words.index(["CMD", *by_name["CMD"][-1]])
    assert "/_stcore/health" in " ".join(by_name["HEALTHCHECK"][0])
    [[base]] = by_name["FROM"]
    assert re.fullmatch(r"python:3\.1[123][\d.]*-slim@sha256:[0-9a-f]{64}", base)
    installs = [" ".join(each) for each in by_name["RUN"] if "pip install" in " ".join(each)]
    assert installs
    for command in installs:
        assert command.count("pip install") == command.count("--require-hashes") == command.count("-r /tmp/require")


def test_no_workflow_runs_the_code_of_a_pull_request_with_a_token_that_writes() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        workflow = YAML(typ="safe").load(path)
        writes = "write" in str(
            [workflow["permissions"], *(job.get("permissions") for job in workflow["jobs"].values())]
        )
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        used = [step["uses"] for step in steps if "uses" in step]
        assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in used), path
        assert not any("${{" in step.get("run", "") for step in steps), path  # no text of a stranger in a shell line
        assert not (writes and any("checkout" in action for action in used)), path
        assert "pull_request_target" not in path.read_text("utf-8")


def test_whatever_changes_something_is_refused_by_the_server_too(
    monkeypatch: pytest.MonkeyPatch, cloned: Project, recorded: Project
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    root, record = cloned.root, read_record(recorded.store)
    plan = Plan.of(record.training.settings, record.data.settings, record)
    run = listing.list_experiments(root)[1]
    registry, before = Registry(root), psutil.Process().children()
    for action in (
        lambda: registry.start(plan),
        lambda: listing.repro(root),
        lambda: listing.adopt(root, {"train.epochs": 2}),
        lambda: listing.record(root, {"train.epochs": 2}, "two"),
        lambda: listing.prove(root, run),
        lambda: sharing.push(root, "origin", [run]),
        lambda: sharing.fetch(root, "origin", []),
        lambda: sweeping.sweep(root, 1, ["train.seed=0"]),
        lambda: listing.rename(root, run, "another"),
        lambda: listing.remove(root, [run]),
        lambda: training._train(root, None, {}, []),  # type: ignore[arg-type]
    ):
        with pytest.raises(UserError, match=r"^this server is read-only and does not "):
            action()
    registry.close()
    assert psutil.Process().children() == before

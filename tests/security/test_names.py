"""What is typed on a page reaches git, DVC or the disk only when it is a plain name inside the project."""

import asyncio

import pytest

from benchmarks.sessions import Answer, Session
from dashboard.experiments.listing import adopt, list_experiments
from pipeline.safety.errors import UserError
from tests.browser.servers import Dashboard
from tests.projects import Project
from tests.waiting import PATIENCE, until_answered


def test_the_page_refuses_such_names_too(shown: Dashboard) -> None:
    async def ask() -> list[Answer]:
        async with asyncio.timeout(PATIENCE), Session.open(shown.url) as session:
            answer = await session.ask("train")
            answer = await session.ask("train", {answer.widget("button", "Train"): {"trigger_value": True}})
            answer = await session.ask("train", {answer.widget("button", "Skip to the end"): {"trigger_value": True}})
            while answer.fragments:  # it is still training
                await asyncio.sleep(0.2)
                for fragment in answer.fragments:
                    await session.ask("train", fragment=fragment)
                answer = await session.ask("train")
            return [
                await press_record(session, answer, name)
                for name in ("--force", "refs/heads/x", "$(touch oh-no)", "x\ny")
            ]

    async def press_record(session: Session, page: Answer, name: str) -> Answer:
        name_field, button = page.widget("text_input", "Name"), page.widget("button", "Record")
        return await session.ask("train", {name_field: {"string_value": name}, button: {"trigger_value": True}})

    for answer in until_answered(ask()):
        assert answer.troubles == []
        alerts = [each.body for each in answer.of("alert")]
        assert any("cannot name an experiment" in each or "has another meaning" in each for each in alerts)
    assert shown.project.git("for-each-ref", "refs/exps/") == ""
    assert shown.project.git("for-each-ref", "refs/heads/").count("\n") == 1
    assert not list(shown.project.root.rglob("oh-no*"))


@pytest.mark.parametrize("where", ["/etc/hostname", "../table.csv", "data/../../table.csv", "data/link.csv"])
def test_an_experiment_made_by_hand_cannot_have_a_file_outside_adopted(project_copy: Project, where: str) -> None:
    root = project_copy.root
    (root.parent / "table.csv").write_text("a,b\n1,2\n3,5\n", encoding="utf-8")
    (root / "data" / "link.csv").symlink_to(root.parent / "table.csv")
    project_copy.set(download__dataset="own", download__csv=f'"{where}"', train__epochs="3")
    project_copy.git("commit", "--quiet", "--message", "a stranger's", "params.yaml")
    baseline = project_copy.git("rev-parse", "HEAD~").strip()
    stranger = project_copy.git("rev-parse", "HEAD").strip()
    project_copy.git("reset", "--quiet", "--hard", baseline)
    project_copy.git("update-ref", f"refs/exps/{baseline[:2]}/{baseline[2:]}/stranger", stranger)
    before = (root / "params.yaml").read_bytes()
    experiment = next(each for each in list_experiments(root) if each.name == "stranger")
    with pytest.raises(UserError, match="must be a file inside the project"):
        adopt(root, experiment.params)
    assert (root / "params.yaml").read_bytes() == before

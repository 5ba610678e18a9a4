"""The part Share of the page Experiments: how it is set up, what is on the remote and not here, and by whom."""

from pathlib import Path

from dashboard.views.parts import commands
from tests.dashboard.views.conftest import OpenPage, lacking, press
from tests.projects import Project


def test_it_says_how_to_set_up_remotes_then_whose_runs_are_there_and_why_a_button_is_off(
    open_page: OpenPage, recorded: Project, tmp_path: Path
) -> None:
    project = recorded.copy(tmp_path / "project")
    project.commit()
    page = open_page("experiments", project.root)
    assert not lacking(page, "Sharing needs a git remote and a DVC remote; set both up once: `git remote add origin")
    assert page.multiselect.len == 0

    origin = tmp_path / "origin.git"
    project.git("init", "--quiet", "--bare", str(origin))
    project.git("remote", "add", "origin", f"file://somebody:secret@{origin}")
    config = project.root / ".dvc" / "config.local"
    config.write_text(
        f"[core]\n    remote = store\n['remote \"store\"']\n    url = {tmp_path}/store\n", encoding="utf-8"
    )
    page.run()
    assert page.multiselect[0].placeholder == "Look at origin first"
    head = project.git("rev-parse", "HEAD").strip()
    project.git("update-ref", f"refs/shared/origin/{head[:2]}/{head[2:]}/theirs", head)
    page.run()
    assert not lacking(page, f"DVC remote store ({tmp_path}/store)", f"Git remote origin (file://{origin})")
    assert page.multiselect[0].options == ["theirs, by tests@example.org"]
    buttons = {button.label: button for button in page.button}
    assert buttons["Push"].disabled
    assert buttons["Push"].help.startswith("Select experiments in the table first.")
    assert buttons["Prove"].help.startswith("Select one run in the table first")
    assert not buttons["Fetch"].disabled

    project.git("remote", "set-url", "origin", str(origin))
    press(page, "Look at origin")
    command = commands._slot().command
    assert command is not None
    assert command.wait(60) == "succeeded"
    page.run()
    assert command.lines == ("origin has no other runs.",)
    assert (page.multiselect[0].options, page.multiselect[0].placeholder) == ([], "Nothing new")
    assert next(button for button in page.button if button.label == "Fetch").disabled

"""Tests of sharing: Ada pushes to a bare repository and a folder, Bob fetches, proves and adopts; and what fails."""

import os
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from dashboard.experiments import listing, sharing, transfers
from dashboard.experiments.__main__ import main as terminal
from dashboard.experiments.commands import Command
from dashboard.experiments.comparisons import overview
from dashboard.experiments.revisions import bring_table, missing
from pipeline.safety.errors import UserError
from tests.dashboard.experiments.conftest import Laboratory
from tests.projects import Project


class Team:
    """Ada's and Bob's projects, with a bare git repository as origin and a folder as the DVC remote."""

    def __init__(self, laboratory: Laboratory, folder: Path) -> None:
        self.ada = laboratory.copy(folder / "ada")
        self.origin, self.store = folder / "origin.git", folder / "store"
        self.store.mkdir()
        project = self.ada.project
        project.git("init", "--quiet", "--bare", "--initial-branch", "main", str(self.origin))
        project.git("remote", "add", "origin", "../origin.git")
        project.git("push", "--quiet", "origin", "main")
        project.git("clone", "--quiet", str(self.origin), str(folder / "bob"))
        self.bob = Laboratory(Project(folder / "bob"), set())
        self.bob.project.git("config", "user.name", "Bob")
        for each in (self.ada, self.bob):  # after the experiments were recorded, and with a path relative to .dvc
            config = each.root / ".dvc" / "config"
            text = config.read_text(encoding="utf-8").replace("[core]\n", "[core]\n    remote = store\n")
            config.write_text(f"{text}['remote \"store\"']\n    url = ../../store\n", encoding="utf-8")

    def name_on_origin(self, name: str, revision: str) -> str:
        """Give a run on origin this name, as by another person, and return its reference there."""
        reference = f"refs/exps/{'0' * 2}/{'0' * 38}/{name}"
        self.ada.project.git("push", "--quiet", "origin", f"{revision}:{reference}")
        return reference


@pytest.fixture(scope="module")
def team(laboratory: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Team:
    return Team(laboratory, tmp_path_factory.mktemp("team"))


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Lets a test do errands in this process, in the folder it is in; what they set in the environment is undone."""
    for name in ("LANGUAGE", "GIT_TERMINAL_PROMPT", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH_COMMAND"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.delenv("GIT_SSH_COMMAND")
    return monkeypatch


def names(laboratory: Laboratory) -> set[str]:
    return listing.names_of(laboratory.root)


def succeeds(command: Command) -> tuple[str, ...]:
    assert command.wait(120) == "succeeded", "\n".join(command.lines)
    return command.lines


def test_what_is_pushed_is_fetched_proved_update_by_update_and_adopted_without_a_stage_being_run(team: Team) -> None:
    ada, bob = team.ada, team.bob
    succeeds(sharing.push(ada.root, "origin", [ada["lr-0.05"]]))
    assert succeeds(sharing.look(bob.root, "origin")) == ("origin has runs that are not here: lr-0.05 (Ada).",)
    wanted = sharing.not_here(bob.root, "origin")
    assert succeeds(sharing.fetch(bob.root, "origin", wanted))[-1] == "Fetched lr-0.05, by Ada."
    assert sharing.not_here(bob.root, "origin") == []
    fetched = bob["lr-0.05"]
    assert fetched.revision == ada["lr-0.05"].revision
    assert missing(bob.root, fetched.revision) == []
    runs = listing.list_experiments(bob.root)
    assert overview(runs, runs[1]).set_index("name")["by"].to_dict() == {
        "now": "Bob",
        f"commit {runs[1].revision[:7]}": "tests@example.org",
        "lr-0.05": "Ada",
    }

    status = bob.project.git("status", "--porcelain")
    proof = bob.project.python("-m", "dashboard.experiments", "prove", "lr-0.05").stdout
    said = "lr-0.05 is proved: all 1,400 updates are equal bit for bit, and the losses are as recorded.\n"
    assert proof.endswith(said)
    assert bob.project.git("status", "--porcelain") == status

    config = (bob.root / ".dvc" / "config").read_bytes()
    adoption = bob.project.python("-m", "dashboard.experiments", "adopt", "lr-0.05").stdout
    assert "Running stage" not in adoption
    assert adoption.endswith("Adopted lr-0.05: params.yaml holds its settings, and data/run holds the run.\n")
    assert (bob.root / ".dvc" / "config").read_bytes() == config
    assert "learning_rate: 0.05" in (bob.root / "params.yaml").read_text(encoding="utf-8")
    assert bob.project.repro() == []
    assert not bob.project.git("diff", "--stat", fetched.revision, "--", "data/run", "dvc.lock")
    assert not (bob.root / ".dvc" / "tmp" / "recording").exists()


def test_a_run_that_git_would_not_take_is_on_neither_list_and_one_whose_data_are_gone_is_not_fetched(
    team: Team, go: pytest.MonkeyPatch
) -> None:
    hook = team.origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no more room >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    go.chdir(team.ada.root)
    said = (
        r"^the data are on store, but nobody sees the run yet: the git remote origin \(.*\) refuses it: .*no more room"
    )
    with pytest.raises(UserError, match=said):
        transfers.push("origin", ["own"])
    hook.unlink()
    go.chdir(team.bob.root)
    transfers.look("origin")
    assert sharing.not_here(team.bob.root, "origin") == []

    own = team.ada["own"]
    reference = team.name_on_origin("half", own.revision)
    transfers.look("origin")
    for table in ("my houses.csv", ".dvc/config", "params.yaml", "../ada/my houses.csv", "no such.csv"):
        bring_table(team.bob.root, own.revision, table)
    assert team.bob.project.git("ls-files", "--others", "--exclude-standard") == "my houses.csv\n"
    assert (team.bob.root / "my houses.csv").read_bytes() == (team.ada.root / "my houses.csv").read_bytes()
    files = {path: path.read_bytes() for path in team.store.rglob("*") if path.is_file()}
    for path in files:
        path.unlink()
    said = r"^half is on origin, but its data are not on store \(data/\S+ is missing\): ask Ada to push it again$"
    with pytest.raises(UserError, match=said):
        transfers.fetch("origin", [own.revision])
    assert "half" not in names(team.bob)
    team.store.rename(team.store.with_name("moved"))
    with pytest.raises(UserError, match=r"^the folder of the DVC remote store, \S+, is not there; is it mounted\?$"):
        transfers.fetch("origin", [own.revision])
    go.chdir(team.ada.root)
    with pytest.raises(UserError, match=r"is not there; is it mounted\? If it is new, make it: `mkdir \S+/store`$"):
        transfers.push("origin", ["own"])
    assert not team.store.exists()
    go.chdir(team.bob.root)
    team.store.with_name("moved").rename(team.store)
    team.ada.project.git("push", "--quiet", "origin", f":{reference}")
    with pytest.raises(UserError, match=r"^what you chose is no longer on origin; look again$"):
        transfers.fetch("origin", [own.revision])


def test_of_two_runs_with_one_name_neither_is_lost(team: Team, go: pytest.MonkeyPatch) -> None:
    go.chdir(team.ada.root)
    other = team.ada["HEAD"].revision
    reference = team.name_on_origin("own", other)
    said = r"^there is another run called own on origin, by tests@example\.org: rename yours, then push it$"
    with pytest.raises(UserError, match=said):
        transfers.push("origin", ["own"])
    before = team.ada["own"]
    said = r"^there is another run called own here: rename it, then fetch this one$"
    with pytest.raises(UserError, match=said):
        transfers.fetch("origin", [other])
    assert team.ada["own"] == before
    assert reference in team.ada.project.git("ls-remote", "origin")
    team.name_on_origin("--force", other)
    transfers.look("origin")
    assert "--force" not in {shared.name for shared in sharing.on_remote(team.ada.root, "origin")}


def test_a_run_whose_data_are_no_longer_here_is_not_pushed(team: Team, go: pytest.MonkeyPatch) -> None:
    go.chdir(team.ada.root)
    cache = team.ada.root / ".dvc" / "cache"
    cache.rename(cache.with_name("elsewhere"))
    with pytest.raises(UserError, match=r"of lr-0\.05 is not in DVC's cache, so nobody could get it: record the run"):
        transfers.push("origin", ["lr-0.05"])
    cache.with_name("elsewhere").rename(cache)


def test_a_terminal_says_what_is_not_on_the_remote_and_what_to_name(
    team: Team, go: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    go.chdir(team.ada.root)
    for arguments, said in (
        ([], r"^name a command: push, look, fetch, prove, adopt; -h says what each does$"),
        (["fetch", "nosuch"], r"^origin has no run named nosuch$"),
        (["adopt"], r"^name an experiment; `dvc exp list"),
        (["adopt", "own", "lr-0.05"], r"^one run can be adopted at a time, and 2 are named; name one$"),
        (["prove", "nosuch"], r"^there is no experiment nosuch here; `dvc exp list"),
    ):
        with pytest.raises(UserError, match=said):
            terminal(arguments)
    capsys.readouterr()
    team.name_on_origin("there", team.ada["own"].revision)
    terminal(["fetch", "there"])
    assert capsys.readouterr().out.endswith("there is here already.\n")


class _Asks(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="lab"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def test_remotes_that_are_not_there_or_ask_for_a_password_are_said_in_a_sentence(
    team: Team, go: pytest.MonkeyPatch
) -> None:
    git = team.bob.project.git
    go.chdir(team.bob.root)
    for name in ("no_proxy", "NO_PROXY"):
        go.setenv(name, "*")
    with HTTPServer(("127.0.0.1", 0), _Asks) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        git("remote", "set-url", "origin", f"http://ada:secret@127.0.0.1:{server.server_port}/lab.git")
        with pytest.raises(UserError, match=r"asks who you are, and git has no answer stored") as asks:
            transfers.look("origin")
        assert "secret" not in str(asks.value)
        server.shutdown()
    for address, reason in (
        ("../gone.git", r"'../gone\.git' does not appear to be a git repository"),
        ("http://nowhere.invalid/lab.git", r"unable to access .*nowhere\.invalid"),
    ):
        git("remote", "set-url", "origin", address)
        said = rf"^the git remote origin \(.*\) cannot be reached, and nothing was changed: {reason}$"
        with pytest.raises(UserError, match=said):
            transfers.look("origin")
    git("remote", "remove", "origin")
    with pytest.raises(
        UserError, match=r"^sharing needs a git remote, too; set it up once: `git remote add origin ADDRESS`$"
    ):
        sharing.Remotes.of(team.bob.root)
    (team.bob.root / ".dvc" / "config").write_text("[core]\n    analytics = false\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"^sharing needs a git remote and a DVC remote; set both up once: `git remote"):
        sharing.Remotes.of(team.bob.root)
    git("remote", "add", "origin", "../origin.git")
    with pytest.raises(UserError, match=r"^sharing needs a DVC remote, too; set it up once: `dvc remote add --default"):
        sharing.Remotes.of(team.bob.root)

"""The tables and the picture of the benchmark are made of what was measured."""

from itertools import pairwise
from typing import Any

import pytest

from benchmarks.training import tables
from benchmarks.training.jobs import JOBS, SIZES, SMALL
from benchmarks.training.peers import JAX, NUMPY, OURS, PEERS, Peer
from benchmarks.training.picture import chart
from benchmarks.training.report import Machine, Report, Timing
from benchmarks.training.tasks import Job


def timing(job: Job, peer: Peer, seconds: float, **others: Any) -> Timing:
    values = {"median": seconds, "least": seconds / 2, "most": seconds * 2, "epochs": job.epochs, "rounds": 3}
    return Timing.model_validate(
        {"job": job.name, "peer": peer.name, "kind": "later runs", **values, **others},
    )


def report(*timings: Timing, **others: Any) -> Report:
    machine = Machine(processor="Fast One", cores=2, system="Linux x86_64", python="3.11.7")
    given = {"versions": {"keras": "3.0"}, "absent": {}, "profiles": {}, **others}
    return Report.model_validate({"date": "2026-01-02", "machine": machine, "timings": list(timings), **given})


def drawn(found: Report) -> list[list[dict[str, Any]]]:
    """The rows that each layer of the picture is drawn from."""
    spec = chart(found).to_dict()
    return [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.002843, "2.84 ms"), (0.4781, "478 ms"), (10.34, "10.3 s"), (91.2, "91.2 s"), (125.0, "2 min 5 s"), (None, "–")],
)
def test_times_are_written_with_three_digits_and_their_unit(value: float | None, text: str) -> None:
    assert tables.seconds(value) == text


def test_a_target_is_met_or_missed_by_the_medians_of_an_epoch() -> None:
    text = tables.markdown(report(timing(SMALL, OURS, 0.1), timing(SMALL, NUMPY, 0.3), timing(SMALL, JAX, 0.04)))
    assert "| linear, 266 rows, batch 40 | times as fast as NumPy loop | 3 | 2.5 | yes |" in text
    assert "| linear, 266 rows, batch 40 | times as fast as JAX | 0.4 | 0.5 | no |" in text
    assert "PyTorch" not in text


def test_fewer_epochs_of_a_peer_count_for_as_many_as_they_are() -> None:
    text = tables.markdown(report(timing(SMALL, OURS, 0.1), timing(SMALL, NUMPY, 0.3, epochs=SMALL.epochs // 10)))
    assert "| times as fast as NumPy loop | 30 | 2.5 | yes |" in text


def test_a_missed_target_comes_with_the_profile_of_its_job_alone() -> None:
    profiles = {job.name: {"the compiled program": 0.75, "drawing the order of the rows": 0.25} for job in JOBS}
    slow = report(timing(SMALL, OURS, 0.1), timing(SMALL, NUMPY, 0.2), profiles=profiles)
    assert tables.explanations(slow).splitlines()[1:] == [
        "- linear, 266 rows, batch 40: the compiled program 75%, drawing the order of the rows 25%"
    ]
    fast = report(timing(SMALL, OURS, 0.1), timing(SMALL, NUMPY, 0.3), profiles=profiles)
    assert tables.explanations(fast) == "every target is met"


def test_who_was_not_there_and_what_a_peer_does_differently_stand_below_the_tables() -> None:
    found = report(
        *(timing(SMALL, peer, 0.1) for peer in PEERS[:-1]), absent={"TensorFlow.js": "Node is not installed"}
    )
    assert "- TensorFlow.js was not there: Node is not installed." in tables.markdown(found)
    assert "- scikit-learn: `SGDRegressor` updates the weights after every row" in tables.markdown(found)


def test_machine_versions_and_date_are_told() -> None:
    told = "measured on 2026-01-02, on 2 cores of Fast One (Linux x86_64), with Python 3.11.7, keras 3.0."
    assert tables.markdown(report()).endswith(told)


def test_new_tables_take_the_place_of_the_old_ones_in_readme() -> None:
    text = f"# Title\n\n{tables.FIRST}\nold\n{tables.LAST}\n\nthe end\n"
    once = tables.with_tables(text, report(timing(SMALL, OURS, 0.1)))
    assert tables.with_tables(once, report(timing(SMALL, OURS, 0.1))) == once
    assert "old" not in once
    assert once.startswith("# Title\n\n")
    assert once.endswith("\n\nthe end\n")


def test_the_picture_has_a_line_for_every_peer_and_no_name_on_another() -> None:
    found = report(*(timing(job, peer, 1 + at / 100) for job in SIZES for at, peer in enumerate(PEERS)))
    lines, names = drawn(found)
    assert {row["peer"] for row in lines} == {peer.name for peer in PEERS}
    places = sorted(row["place"] for row in names)
    assert all(high / low > 1.5 for low, high in pairwise(places))

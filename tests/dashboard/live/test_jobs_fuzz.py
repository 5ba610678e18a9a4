"""Jobs that no page sends: both ends refuse them in one line, and the worker goes on working."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.live.plans import Plan, decode, encode
from dashboard.live.sweep_plans import SweepPlan, Variation
from pipeline.safety.errors import UserError
from tests.dashboard.conftest import PlanWith
from tests.dashboard.live.worker_talk import WorkerTalk, job

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


def mutated(message: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The message with some part of it, at any depth, replaced, doubled or taken away."""
    changed: dict[str, Any] = json.loads(json.dumps(message))
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = changed
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
                match data.draw(st.integers(0, 3)):
                    case 0:
                        del place[key]
                    case 1 if isinstance(place[key], str):
                        place[key] = place[key][: data.draw(st.integers(0, 40))]
                    case _:
                        place[key] = data.draw(VALUES)
                break
            place = place[key]
    return changed


def is_refused_in_one_line(read: Any, message: dict[str, Any]) -> bool:
    """Whether the message is refused as a person can read it, or taken."""
    try:
        read(message)
    except UserError as error:
        return str(error).isprintable() and len(str(error)) < 2_100
    return True


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_plan_of_anything_else_is_refused_in_one_line(plan_with: PlanWith, data: st.DataObject) -> None:
    assert is_refused_in_one_line(Plan.from_message, mutated(plan_with().message(), data))


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_sweep_of_anything_else_is_refused_in_one_line(plan_with: PlanWith, data: st.DataObject) -> None:
    variations = [Variation(seed=seed, split_seed=0, learning_rate=0.01) for seed in range(3)]
    message = SweepPlan.of(plan_with(), variations).message()
    assert is_refused_in_one_line(SweepPlan.from_message, mutated(message, data))


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5_000, b"\xff", b"", b"null", b"1e999"])
def test_a_line_that_is_no_object_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever its text
        decode(line)


def test_the_worker_answers_every_odd_job_with_a_line_and_trains_the_next(
    worker_talk: WorkerTalk, plan_with: PlanWith
) -> None:
    good = job(plan_with(train__epochs=1))
    draw = random.Random(0)  # noqa: S311
    odd: tuple[Any, ...] = (None, True, -1, 10**30, 0.5, "x", [], [1], {}, {"a": []}, "A" * 3_000)
    for _ in range(60):
        bad = json.loads(encode(good))
        place = bad if draw.random() < 0.4 else bad[draw.choice(["train", "normalize"])]
        place[draw.choice([*place, "other"])] = draw.choice(odd)
        worker_talk.say(bad)
        for event in worker_talk.hear_all():
            assert event["event"] in ("error", "running", "epochs", "done", "stopped")
            if event["event"] == "error":
                assert event["message"].isprintable()
                assert "Traceback" not in event["message"]
    for line in (b"[" * 100_000, b"9" * 5_000, b"\x00", b'{"command": "warm", "train": {}, "rows": "x"}'):
        worker_talk.say(line)
        (error,) = worker_talk.hear_all()
        assert error["event"] == "error"
    worker_talk.say(good)
    assert worker_talk.hear_all()[-1]["status"] == "completed"

"""Around a stage: one line on standard error, exit status 1, no traceback."""

import pytest

from pipeline.safety.errors import UserError
from pipeline.safety.stage import safe_stage


def test_what_a_person_can_put_right_is_one_line_and_exit_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, safe_stage():
        raise UserError("train.epochs is 0;\n  expected more")
    assert caught.value.code == 1
    assert capsys.readouterr() == ("", "error: train.epochs is 0; expected more\n")


def test_control_c_is_one_line_and_exit_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, safe_stage():
        raise KeyboardInterrupt
    assert caught.value.code == 1
    assert capsys.readouterr().err == "error: stopped before the end; run the command again to continue\n"


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), safe_stage():
        raise ZeroDivisionError

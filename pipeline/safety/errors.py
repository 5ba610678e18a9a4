"""Errors for people: one line that says what was expected, what came and what to do."""

from typing import Final

_MAX_LENGTH: Final = 2_000


class UserError(Exception):
    """An error that a person can correct. Its text becomes one printable line, and no traceback is shown."""

    def __init__(self, text: str) -> None:
        line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
        middle = len(line) - _MAX_LENGTH
        super().__init__(line if middle <= 0 else f"{line[: _MAX_LENGTH // 2]} ... {line[-_MAX_LENGTH // 2 :]}")


def unreadable(name: str, error: OSError | ValueError) -> UserError:
    """Say why a file that git keeps cannot be read, and how it comes back."""
    why = error.strerror if isinstance(error, OSError) else error
    return UserError(f"{name} cannot be read ({why}); restore it with `git checkout {name}`")


def unwritable(names: str, error: OSError) -> UserError:
    """Say why files cannot be written, and what to look at."""
    return UserError(f"cannot write {names}: {error.strerror}; is the disk full or read-only?")

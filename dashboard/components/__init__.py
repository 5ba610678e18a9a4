"""The browser components: pictures that move sixty times a second without the server."""

from pathlib import Path


def read(*names: str) -> str:
    """The texts of some files of this folder, one after the other."""
    return "\n".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)

"""The folder as DVC needs it: what DVC would stumble over is said in a sentence before it starts."""

import configparser
import os
import re
import shutil
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.errors import UserError

FEWEST_MEGABYTES: Final = 10

_PARSING: Final = {"bool": "boolean_optional", "list": "append"}
_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7})( |$)")


def check_checkout(root: Path) -> None:
    """Check what `dvc repro` needs of the folder `root`: DVC's files as it can read them, the right to write, and room.

    Raises `UserError`.
    """
    settings = _settings(root)
    _check_yaml(root, "dvc.yaml", "restore it with `git checkout dvc.yaml`")
    if (root / "dvc.lock").exists():
        _check_yaml(root, "dvc.lock", "delete it and run `dvc repro`, which makes it anew")
    cache = (root / ".dvc" / settings.get("cache", "dir", fallback="cache").strip("\"'")).resolve()
    _check_room(root, cache)


def _settings(root: Path) -> configparser.ConfigParser:
    """DVC's settings, those of `.dvc/config.local` before those of `.dvc/config`."""
    cure = "restore it with `git checkout .dvc/config`"
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    for name in ("config", "config.local"):
        try:
            settings.read_string((root / ".dvc" / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if name == "config":
                raise UserError(f".dvc/config is missing, so this folder is not a DVC project; {cure}") from None
        except OSError as error:
            raise UserError(f".dvc/{name} cannot be read: {error.strerror}") from None
        except (configparser.Error, UnicodeDecodeError):
            raise UserError(f".dvc/{name} does not hold settings as DVC reads them; {cure}") from None
    for key, value in _PARSING.items():
        if settings.get("parsing", key, fallback=None) != value:
            raise UserError(f".dvc/config lacks `{key} = {value}` below [parsing], as the stages need it; {cure}")
    return settings


def _check_yaml(root: Path, name: str, cure: str) -> None:
    try:
        text = (root / name).read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}; {cure}") from None
    except UnicodeDecodeError:
        raise UserError(f"{name} is not text in UTF-8; {cure}") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if _CONFLICT.match(line):
            raise UserError(f"{name}, line {number} is the mark of a merge conflict; {cure}")
    try:
        content: Any = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise UserError(f"{name}{where} is not valid YAML; {cure}") from None
    if not isinstance(content, dict) or not isinstance(content.get("stages"), dict):
        raise UserError(f"{name} is empty, cut short or holds no stages; {cure}")


def _check_room(root: Path, cache: Path) -> None:
    folders = [root, root / "data", root / "data" / "run", root / ".dvc", root / ".dvc" / "tmp", cache]
    for folder in filter(Path.is_dir, folders):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(
                f"{folder} cannot be written to: it is read-only, or another user's; copy the project to a folder of "
                "your own, or change the rights"
            )
        left = shutil.disk_usage(folder).free // 2**20
        if left < FEWEST_MEGABYTES:
            raise UserError(
                f"the disk of {folder} has {left} MB left; at least {FEWEST_MEGABYTES} are needed: make room"
            )

"""The folder as DVC needs it: what DVC would stumble over is said in a sentence before it starts."""

import configparser
import os
import re
import shutil
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.safety.errors import UserError

MIN_MEGABYTES: Final = 10

_PARSING: Final = {"bool": "boolean_optional", "list": "append"}
_RESTORE: Final = "restore it with `git checkout HEAD -- .dvc/config`"
NO_PROJECT: Final = f".dvc/config is missing, so this folder is not a DVC project; {_RESTORE}"
_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7})( |$)")


def check_checkout(root: Path) -> None:
    """Check what `dvc repro` needs of the folder `root`: DVC's files as it can read them, the right to write, and room.

    Raises `UserError`.
    """
    settings = _settings(root)
    _check_yaml(root, "dvc.yaml", "restore it with `git checkout HEAD -- dvc.yaml`")
    if (root / "dvc.lock").exists():
        _check_yaml(root, "dvc.lock", "delete it and run `dvc repro`, which makes it anew")
    _check_room(root, root / ".dvc" / settings.get(("cache", "dir"), "cache"))


def _settings(root: Path) -> dict[tuple[str, str], str]:
    """DVC's settings by section and key, those of `.dvc/config.local` before those of `.dvc/config`."""
    found, cure = dict[tuple[str, str], str](), dict[tuple[str, str], str]()
    for name, restore in (("config", _RESTORE), ("config.local", "correct or delete .dvc/config.local")):
        settings = configparser.ConfigParser(interpolation=None, strict=False, inline_comment_prefixes=("#",))
        try:
            settings.read_string((root / ".dvc" / name).read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            if name == "config":
                raise UserError(NO_PROJECT) from None
        except OSError as error:
            raise UserError(f".dvc/{name} cannot be read: {error.strerror}") from None
        except (configparser.Error, UnicodeDecodeError):
            raise UserError(f".dvc/{name} does not hold settings as DVC reads them; {restore}") from None
        for section in settings.sections():
            for key, value in settings.items(section):
                found[section, key], cure[section, key] = value.strip("\"'"), restore
    for key, value in _PARSING.items():
        if found.get(("parsing", key)) != value:
            restore = cure.get(("parsing", key), _RESTORE)
            raise UserError(f"DVC's settings lack `{key} = {value}` below [parsing], as the stages need it; {restore}")
    return found


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
    for folder in folders:
        try:
            if not folder.is_dir():
                continue
            is_free = os.access(folder, os.W_OK | os.X_OK)
            left = shutil.disk_usage(folder).free // 2**20
        except OSError as error:
            raise UserError(f"{folder} cannot be looked into: {error.strerror}; see who may") from None
        if not is_free:
            raise UserError(
                f"{folder} cannot be written to: it is read-only, or another user's; copy the project to a folder of "
                "your own, or change the rights"
            )
        if left < MIN_MEGABYTES:
            raise UserError(f"the disk of {folder} has {left} MB left; at least {MIN_MEGABYTES} are needed: make room")

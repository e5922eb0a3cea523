"""`vsmhub.toml`: the targets an operator works with, and where their keys are kept.

    target = "production"                       # what is meant when nothing is said; otherwise `local`

    [targets.production]
    base = "https://hub.example.org"
    secrets = "command"                         # file (default), environment, keyring or command

    [targets.production.command]
    read = ["pass", "show", "vsmhub/{target}/{name}"]
    write = ["pass", "insert", "--multiline", "--force", "vsmhub/{target}/{name}"]
    delete = ["pass", "rm", "--force", "vsmhub/{target}/{name}"]

    [targets.production.database]               # Inter-Hub's own, for what its API cannot; one of the two
    environment = "OPS_DSN"
    command = ["pass", "show", "inter-hub/dsn"]

The file is looked for in the current folder and those above it, then in the user's configuration folder. It holds no
secret. It says which programs are started and where keys are sent, so it must be this user's, root's, or of whoever the
current folder belongs to: in a folder above that others may write to, such as `/tmp`, anybody could put one.
"""

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vsmhub.errors import VsmhubError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FILE_NAME = "vsmhub.toml"


class SettingsError(VsmhubError):
    """`vsmhub.toml` does not say what it should."""


class Commands(BaseModel):
    """Programs that keep secrets; `{target}` and `{name}` stand for whose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read: tuple[str, ...] = Field(min_length=1)
    write: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()


class DatabaseSettings(BaseModel):
    """Where the connection string of Inter-Hub's own database is: in a variable, or what a program prints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: str | None = None
    command: tuple[str, ...] = ()


class TargetSettings(BaseModel):
    """One Inter-Hub."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str | None = None
    insecure: bool = False
    secrets: Literal["file", "environment", "keyring", "command"] = "file"
    folder: Path | None = None
    command: Commands | None = None
    database: DatabaseSettings | None = None


class Settings(BaseModel):
    """All of `vsmhub.toml`; empty where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str | None = None
    targets: dict[str, TargetSettings] = Field(default_factory=dict)


def read_settings(start: Path, user_folder: Path) -> Settings:
    """The settings that hold in `start`; SettingsError when their file is wrong, or others may have put it there."""
    for folder in (start, *start.parents, user_folder):
        file = folder / FILE_NAME
        if file.is_file():
            return _read(file, frozenset({0, os.geteuid(), start.stat().st_uid}))
    return Settings()


def _read(file: Path, owners: frozenset[int]) -> Settings:
    try:
        with file.open("rb") as opened:
            # What is looked at is what was opened. A link counts as well: its maker chose where it leads.
            for found in (os.fstat(opened.fileno()), file.lstat()):
                _refuse_foreign(file, found, owners)
            return Settings.model_validate(tomllib.loads(opened.read().decode("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            _placed(file, str(error)), hint="mend the TOML: https://toml.io says how it is written"
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not text in UTF-8", hint="save it as UTF-8") from error
    except ValidationError as error:
        said = "\n".join(f"{file}: {_said(one)}" for one in error.errors())
        raise SettingsError(said, hint="docs/targets.md shows what it may hold") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error


def _refuse_foreign(file: Path, found: os.stat_result, owners: frozenset[int]) -> None:
    if found.st_uid not in owners:
        raise SettingsError(
            f"{file} belongs to another account (uid {found.st_uid}) and is not used: it could start programs",
            hint=f"take it away, work elsewhere, or make it yours: chown {os.geteuid()} {file}",
        )
    if found.st_mode & stat.S_IWOTH and not stat.S_ISLNK(found.st_mode):
        raise SettingsError(
            f"{file} can be written by every account and is not used: it could start programs",
            hint=f"chmod o-w {file}",
        )


def _placed(file: Path, said: str) -> str:
    """What tomllib says, with the place where editors look for it."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", said)
    return f"{file}:{found[2]}:{found[3]}: {found[1].lower()}" if found else f"{file}: {said.lower()}"


_WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "tuple_type": "a list of texts",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
"""What TOML has for a kind of value, by pydantic's name of the complaint."""


def _said(error: "ErrorDetails") -> str:
    where = ".".join(map(str, error["loc"]))
    if error["type"] != "extra_forbidden":
        wanted = _WANTED.get(error["type"])
        return f"{where}: {f'must be {wanted}' if wanted else error['msg'].lower()}"
    from difflib import get_close_matches

    # By the depth of a key: of the file, of a target, of a target's commands.
    models: dict[int, type[BaseModel]] = {1: Settings, 3: TargetSettings}
    deep: type[BaseModel] = DatabaseSettings if "database" in error["loc"] else Commands
    known = list(models.get(len(error["loc"]), deep).model_fields)
    near = get_close_matches(str(error["loc"][-1]), known, n=1)
    return f"{where}: unknown key" + (f" (did you mean {near[0]}?)" if near else f" (known are {', '.join(known)})")

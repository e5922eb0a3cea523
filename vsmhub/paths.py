"""Where vsmhub keeps things on this machine: settings, journals and locks, keys, and the embedded database.

`VSMHUB_HOME` puts everything below one folder; without it each thing goes where the platform wants it (platformdirs).

The embedded database has a difficulty when root uses it: PostgreSQL refuses to run as root, and another account cannot
pass through folders that only root may enter, such as `/root`. Opening those folders is not ours to do, so the database
then lives in `/var/lib/vsmhub`, one folder for each home, so that two homes do not share a database.
"""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vsmhub.errors import VsmhubError

SYSTEM = Path("/var/lib/vsmhub")


class PathsError(VsmhubError):
    """There is no folder to keep things in."""


@dataclass(frozen=True)
class Paths:
    """Folders, absolute; none of them needs to exist yet.

    `config` holds settings, `state` the journals and locks, `keys` the secrets kept as files, `data` the embedded
    database.
    """

    config: Path
    state: Path
    keys: Path
    data: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, root: bool | None = None, system: Path = SYSTEM) -> Self:
        """The folders of this user; PathsError when there is neither `VSMHUB_HOME` nor a home directory.

        `root` says whether the database must run as another account (default: whether this process is root's), `system`
        is the folder for root's databases.
        """
        as_root = os.geteuid() == 0 if root is None else root
        if environ.get("VSMHUB_HOME"):
            home = Path(environ["VSMHUB_HOME"]).expanduser().absolute()
            own = cls(config=home, state=home / "state", keys=home / "keys", data=home / "data")
            if not as_root:
                return own
            data = _kept_or_reachable(own.data, _in_system(home, system))
            return cls(config=own.config, state=own.state, keys=own.keys, data=data)

        config, state, kept = _platform()
        data = _in_system(state, system) if as_root else kept / "postgresql"
        # Keys are not kept beside the settings: people put their settings under version control.
        return cls(config=config, state=state, keys=kept / "keys", data=data)


def _platform() -> tuple[Path, Path, Path]:
    from platformdirs import PlatformDirs

    platform = PlatformDirs("vsmhub", appauthor=False)
    problem = PathsError("there is no home directory to keep things in", hint="set VSMHUB_HOME to a folder")
    try:
        folders = platform.user_config_path, platform.user_state_path, platform.user_data_path
    except RuntimeError as error:
        raise problem from error
    if not all(folder.is_absolute() for folder in folders):  # what older versions answer instead
        raise problem
    return folders


def enterable(path: Path) -> bool:
    """Whether any account at all may enter `path`'s folder and each one above, as far as they exist."""
    return all(
        folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents if folder.exists()
    )  # `resolve` first: what counts is the folders that are really passed through


def _in_system(home: Path, system: Path) -> Path:
    return system / hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]


def _kept_or_reachable(wanted: Path, otherwise: Path) -> Path:
    """`wanted` where a database is there or could be; a database that exists stays the one that is used."""
    for path in (wanted, otherwise):
        if (path / "cluster").exists():
            return path
    return wanted if enterable(wanted) else otherwise

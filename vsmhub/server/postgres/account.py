"""Who runs the embedded PostgreSQL: this user, or an account without rights when this user is root."""

import logging
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vsmhub.server.errors import PostgresError

NAME = "vsmhub"
# Who stands in where no account can be made. Debian and Red Hat both have `nobody`.
STAND_INS = ("postgres", "nobody")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """A user and group of this system, by number."""

    user: int
    group: int

    def take(self, path: Path) -> None:
        """Make `path`, itself alone, this account's."""
        os.chown(path, self.user, self.group)

    def may_read(self, path: Path) -> bool:
        """Whether it may read `path` and get there, going by owner, group and mode."""
        real = path.resolve()
        return self.may_enter(real.parent) and self._may(real, 0o4)

    def may_enter(self, folder: Path) -> bool:
        """Whether it may enter `folder` and every folder above it."""
        real = folder.resolve()
        return all(self._may(each, 0o1) for each in (real, *real.parents))

    def _may(self, path: Path, wanted: int) -> bool:
        found = path.stat()
        shift = 6 if found.st_uid == self.user else 3 if found.st_gid == self.group else 0
        return (found.st_mode >> shift) & wanted == wanted


def for_postgres(cluster: Path, *, useradd: str = "useradd") -> Account | None:
    """The account that runs PostgreSQL on `cluster`, which refuses to run as root; None when it is this process's own.

    A cluster that exists stays with the account that made it. Root's first one gets the system user `vsmhub`, made with
    `useradd` when missing. PostgresError when root has no account to give it to.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _named(NAME) or _made(useradd) or _stand_in(useradd)


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def _made(useradd: str) -> Account | None:
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", "--user-group", NAME]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return None
    return _named(NAME)  # whatever `useradd` said: another process may have made it in the same moment


def _stand_in(useradd: str) -> Account:
    for name in STAND_INS:
        if account := _named(name):
            logger.warning("the user %s cannot be made here (%s); PostgreSQL runs as %s", NAME, useradd, name)
            return account
    raise PostgresError(
        f"PostgreSQL does not run as root, and the user {NAME} cannot be made with {useradd}",
        hint=f"make a system user named {NAME}, run vsmhub as an ordinary user, or set VSMHUB_DATABASE_URL",
    )

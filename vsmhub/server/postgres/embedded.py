"""The embedded PostgreSQL: started by the first who needs it, shared by all who do, stopped by the last.

Every user holds a shared lock on `users.lock` as long as it uses the server; starting and stopping happen under
`turns.lock`. A user that is killed loses its lock and leaves the server running: whoever comes next uses it, and the
last one stops it. The server listens on a Unix socket in a directory that only its own account may enter, never on a
port.

What lies in a data directory: `cluster` (PostgreSQL's files), `log`, the two locks, and the socket's directory.
"""

import contextlib
import errno
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from vsmhub.locks import locked
from vsmhub.server.errors import DataUnusable, DiskFull
from vsmhub.server.postgres import account as accounts
from vsmhub.server.postgres import cluster as clusters
from vsmhub.server.postgres import installation as installations
from vsmhub.server.postgres import postmaster as postmasters
from vsmhub.server.postgres.account import Account
from vsmhub.server.postgres.installation import Installation
from vsmhub.server.postgres.postmaster import Postmaster

Process = subprocess.Popen[bytes]

PORT = 5432  # part of the socket's name; nothing listens on it
# A socket's path has room for 103 bytes on macOS and 107 on Linux; PostgreSQL adds a slash and its file's name.
LONGEST_SOCKETS = 103 - len(f"/.s.PGSQL.{PORT}")
# Where its directory is when that does not do. Not where TMPDIR says, which may be as long.
TEMPORARY, PREFIX = Path("/tmp"), "vsmhub-"  # noqa: S108 - `mkdtemp` makes it there
LARGEST_LOG = 1 << 20
# How long a server may take until it is ready: recovering from a crash can need a while.
PATIENCE = 120.0
# What PostgreSQL says when a server that was killed still has workers, or one that a killed user started appears now.
LEFT_OVER = ("pre-existing shared memory block", 'lock file "postmaster.pid"')
LEFT_OVER_SECONDS = 10.0
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    # Nobody replicates from it: what only replication needs stays out of the log and the process list.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    # Three helper processes fewer to start; the data is small enough to be read at once.
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "cluster_name": "vsmhub",
}


class Postgres:
    """This process's hold on the server over one data directory, from `start` to `stop`."""

    def __init__(self, data: Path, server: Postmaster, process: Process | None, syncing: Process | None) -> None:
        self._data = data
        self._server = server
        self._process = process
        self._syncing = syncing
        self._use = contextlib.ExitStack()
        self._use.enter_context(locked(data / "users.lock", shared=True))
        self._stopped = False

    @property
    def dsn(self) -> str:
        """How to connect, as a `postgresql://` URL."""
        sockets = quote(str(self._server.sockets), safe="")
        return f"postgresql://{clusters.SUPERUSER}@/postgres?host={sockets}&port={self._server.port}"

    @property
    def pid(self) -> int:
        """PostgreSQL's first process."""
        return self._server.pid

    def stop(self) -> None:
        """Let go of the server, and stop it unless somebody else uses it; PostgresError when it does not stop."""
        if self._stopped:
            return
        self._stopped = True
        try:
            clusters.synced(self._data / "cluster", self._syncing)
        finally:
            with locked(self._data / "turns.lock"):
                self._leave()

    def _leave(self) -> None:
        self._use.close()
        with locked(self._data / "users.lock", wait=False) as alone:
            if alone:
                postmasters.stop(self.pid, self._data / "cluster", self._process)
                _remove_sockets(self._server.sockets)
                # After a crash, another user may have started it again and have gone while this one still held on.
                if later := postmasters.read(self._data / "cluster"):
                    postmasters.stop(later.pid, self._data / "cluster", None)
                    if later.ready:  # before that, its file does not say where they are
                        _remove_sockets(later.sockets)
            elif self._process is not None:
                # It goes on running for the others; a handle that was never waited for would complain.
                self._process.returncode = 0


@contextlib.contextmanager
def running(data: Path) -> Iterator[str]:
    """A server over `data` for as long as the block runs; yields its DSN. Errors as `start`."""
    server = start(data)
    try:
        yield server.dsn
    finally:
        server.stop()


def start(data: Path) -> Postgres:
    """Use the server over the folder `data`, which is made when missing and started when it is not running.

    PostgresMissing without the wheel, DataUnusable when the data cannot be used, DiskFull, and PostgresError with the
    last lines of its log when PostgreSQL does not start. Whatever fails, nothing half-made stays.
    """
    try:
        return _start(data.absolute())
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"the disk of {data} is full", hint="make room there, then run this again") from error
        raise DataUnusable(
            f"{error.filename or data} cannot be used for the database: {error.strerror or error}",
            hint="set VSMHUB_HOME to a folder of yours, or VSMHUB_DATABASE_URL to a PostgreSQL of your own",
        ) from error


def _start(data: Path) -> Postgres:
    account = accounts.for_postgres(data / "cluster")
    installation = installations.find(account)
    clusters.prepare(data, account)
    data = data.resolve()
    cluster = data / "cluster"
    with locked(data / "turns.lock"):
        clusters.clear(data)
        if not clusters.check(cluster):
            clusters.make(cluster, installation, account)
        server, process = _served(cluster, installation, account)
        return Postgres(data, server, process, clusters.sync(cluster, installation, account))


def _served(cluster: Path, installation: Installation, account: Account | None) -> tuple[Postmaster, Process | None]:
    """The server that runs on `cluster`, or a new one with its handle."""
    deadline = time.monotonic() + LEFT_OVER_SECONDS
    while True:
        if postmasters.read(cluster) and (found := postmasters.ready(cluster, None, seconds=PATIENCE)):
            return found, None
        postmasters.forget(cluster)
        sockets = _sockets(cluster.parent, account)
        try:
            return _launched(cluster, sockets, installation, account)
        except BaseException as error:
            _remove_sockets(sockets)
            if not any(each in str(error) for each in LEFT_OVER) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _launched(
    cluster: Path, sockets: Path, installation: Installation, account: Account | None
) -> tuple[Postmaster, Process]:
    settings = SETTINGS | {"unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"'}
    command = [str(installation.postgres)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    command += ["-D", str(cluster)]
    with _log(cluster.parent / "log") as log:
        before = log.tell()
        process = clusters.start(command, account, log.fileno())
        try:
            server = postmasters.ready(cluster, process, seconds=PATIENCE)
        except BaseException:
            process.kill()
            process.wait()
            raise
        if server is None:
            log.seek(before)
            raise clusters.failure("PostgreSQL does not start", log.read().decode(errors="replace"), cluster)
        return server, process


def _log(path: Path) -> BinaryIO:
    """The log, to append to; a long one is put aside first."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_name("log.old"))
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "a+b")


def _sockets(data: Path, account: Account | None) -> Path:
    """A directory for the socket that only the server's account may enter; not in `data` when its name does not do."""
    sockets = data / "sockets"
    # A comma separates the names of hosts for the client.
    if len(os.fsencode(sockets)) <= LONGEST_SOCKETS and "," not in str(sockets):
        sockets.mkdir(mode=0o700, exist_ok=True)
        sockets.chmod(0o700)
    else:
        sockets = Path(tempfile.mkdtemp(prefix=PREFIX, dir=TEMPORARY))
    if account is not None:
        account.take(sockets)
    return sockets


def _remove_sockets(sockets: Path) -> None:
    """Take away a socket's directory that is not in `data`, if it is one of ours and there is nothing else in it.

    Its name may come from a file that PostgreSQL's account writes, and whoever removes it may be root.
    """
    if sockets.parent != TEMPORARY or not sockets.name.startswith(PREFIX):
        return
    with contextlib.suppress(OSError):
        for left in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (sockets / left).unlink(missing_ok=True)
        sockets.rmdir()

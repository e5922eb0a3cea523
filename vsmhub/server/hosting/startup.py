"""What has to be there before an Inter-Hub answers: its database, the tables, the operator's key, the application.

The embedded PostgreSQL starts in a thread of its own while the server's modules are imported here, because each takes
about as long as the other.
"""

import contextlib
import hashlib
import importlib
import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from vsmhub.paths import Paths
from vsmhub.server.errors import ServerError
from vsmhub.server.postgres import embedded
from vsmhub.server.postgres.embedded import Postgres

if TYPE_CHECKING:
    from fastapi import FastAPI

    from vsmhub.server.operator_key import KeyStore
    from vsmhub.server.schema.layout import Layout
    from vsmhub.server.surface import Surface

# What is imported while PostgreSQL starts: what serves, and where there are no tables yet, what makes them.
SERVER = (
    "vsmhub.server.app",
    "vsmhub.server.hosting.http",
    "vsmhub.server.schema.layout",
    "vsmhub.server.schema.migrate",
    "vsmhub.server.operator_key",
)
CREATION = ("vsmhub.server.schema.creation",)
DATABASE_URL = "VSMHUB_DATABASE_URL"
SIGNALS = (signal.SIGINT, signal.SIGTERM)
TERMINATED = 128 + signal.SIGTERM


@dataclass(frozen=True)
class Prepared:
    """An application on a migrated database; `kept` says where its data is, `minted` whether the key is a new one."""

    app: "FastAPI"
    kept: str
    minted: bool
    layout: "Layout"


@contextlib.contextmanager
def prepared(
    paths: Paths, environ: Mapping[str, str], keys: "KeyStore", surface: "Surface | None" = None
) -> Iterator[Prepared]:
    """The Inter-Hub over `VSMHUB_DATABASE_URL`, or over the embedded PostgreSQL, which runs as long as the block does.

    It serves the `surface`, or the one that the database is laid out for; a new database is for the reference.
    Raises a ServerError when one of them cannot be had, and what `keys` raises when it cannot keep the operator's key.
    """
    with terminable(), _database(paths, environ) as dsn:
        from vsmhub.server.app import create_app
        from vsmhub.server.database import place
        from vsmhub.server.operator_key import ensure_operator_key
        from vsmhub.server.schema.layout import settle
        from vsmhub.server.schema.migrate import migrate
        from vsmhub.server.settings import Settings

        settings = Settings.from_environment(environ, database=dsn)
        migrate(dsn)
        layout = settle(dsn, surface)
        minted = ensure_operator_key(dsn, keys, name=_holder(paths))
        kept = place(dsn) if environ.get(DATABASE_URL) else str(paths.data)
        yield Prepared(create_app(settings, layout.surface), kept, minted, layout)


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end the block as an exception does, so that what was started is stopped; in the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)


@contextlib.contextmanager
def _database(paths: Paths, environ: Mapping[str, str]) -> Iterator[str]:
    if url := environ.get(DATABASE_URL):
        with _uninterrupted():
            _import(SERVER)
        yield url
        return
    needed = SERVER if (paths.data / "cluster").exists() else (*SERVER, *CREATION)
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postgres")
    starting: Future[Postgres] | None = None
    try:
        with _uninterrupted():
            starting = pool.submit(embedded.start, paths.data)
            _import(needed)
        yield starting.result().dsn
    finally:
        pool.shutdown()
        if starting is not None and starting.exception() is None:
            starting.result().stop()


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            raise ServerError(
                f"the embedded Inter-Hub is not installed: {error.name} is missing",
                hint="pip install 'vsmhub[local]', or name an Inter-Hub that runs elsewhere with --base",
            ) from error


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let SIGINT and SIGTERM wait until the block has ended; in the main thread alone.

    An exception that a signal raises in the middle of an import can be swallowed there and leave Python's import lock
    held for ever, and then the first import in another thread never returns.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


def _holder(paths: Paths) -> str:
    """A name for the operator's key of this home, so that a new one replaces this home's old one and no other's."""
    home = hashlib.sha256(os.fsencode(paths.keys)).hexdigest()[:8]
    return f"operator on {socket.gethostname()} ({home})"

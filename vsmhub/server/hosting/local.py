"""The Inter-Hub of this machine alone, for as long as one command runs; its data stays for the next.

It listens on a Unix socket that this user alone can reach, so no port has to be free. Two commands at once each run a
server of their own on the same database.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.logs import logged
from vsmhub.paths import Paths
from vsmhub.server.errors import ServerError
from vsmhub.server.hosting import listener
from vsmhub.server.hosting.startup import prepared

if TYPE_CHECKING:
    from fastapi import FastAPI

    from vsmhub.server.operator_key import KeyStore
    from vsmhub.server.surface import Surface

# What clients of the socket say they talk to; nobody looks it up.
BASE = "http://local/api/v2"
LOGGED = ("uvicorn", "vsmhub.server")
STOP_SECONDS = 15


@dataclass(frozen=True)
class Running:
    """How to reach it. `kept` says where its data is, `log` where it writes what went wrong.

    `minted` says that the operator's key is a new one, and was put into the store just now. `surface` is the API that
    the database is laid out for.
    """

    base: str
    socket: Path
    kept: str
    log: Path
    minted: bool
    surface: "Surface"


@contextlib.contextmanager
def inter_hub(paths: Paths, environ: Mapping[str, str], keys: "KeyStore") -> Iterator[Running]:
    """An Inter-Hub that runs as long as the block does, with an operator's key in `keys`.

    Its database is the embedded PostgreSQL, or the one that `VSMHUB_DATABASE_URL` names. Raises a ServerError when it
    cannot run, FileError when its log cannot be kept, and what `keys` raises when it cannot keep the key.
    """
    log = paths.state / "server.log"
    with logged(log, *LOGGED), prepared(paths, environ, keys) as ready, listener.private() as listening:
        path = Path(listening.getsockname())
        with _served(ready.app, listening):
            yield Running(BASE, path, kept=ready.kept, log=log, minted=ready.minted, surface=ready.layout.surface)


@contextlib.contextmanager
def _served(app: "FastAPI", listening: socket.socket) -> Iterator[None]:
    from vsmhub.server.hosting.http import HttpServer

    settled = threading.Event()
    failures: list[BaseException] = []
    server = HttpServer(app, ready=settled.set)

    def serve() -> None:
        try:
            server.serve_on(listening)
        except BaseException as error:  # noqa: BLE001 - raised again by who waits for it
            failures.append(error)
        finally:
            settled.set()

    thread = threading.Thread(target=serve, name="inter-hub", daemon=True)
    thread.start()
    try:
        settled.wait()
        if failures:
            raise failures[0]
        yield
    finally:
        server.stop()
        thread.join(STOP_SECONDS)
        if thread.is_alive():
            raise ServerError("the embedded Inter-Hub does not stop", hint="its log may say why")

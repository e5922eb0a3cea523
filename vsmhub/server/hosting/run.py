"""What `vsmhub serve` runs: the Inter-Hub for others, until it is told to stop."""

import contextlib
import socket
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.paths import Paths
from vsmhub.server.hosting import listener
from vsmhub.server.hosting.startup import prepared

if TYPE_CHECKING:
    from vsmhub.server.operator_key import KeyStore
    from vsmhub.server.surface import Surface


@dataclass(frozen=True)
class Serving:
    """What others need to know. `url` is empty on a Unix socket, `socket` None on a port; `docs` is the API's page.

    `kept` says where the data is; `minted` that the operator's key is a new one, and was put into the store just now.
    `surface` is the API that is served, and `relaid` says that the database was laid out for another until just now.
    """

    url: str
    docs: str
    socket: Path | None
    kept: str
    minted: bool
    surface: "Surface"
    relaid: bool


def serve(
    paths: Paths,
    environ: Mapping[str, str],
    keys: "KeyStore",
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    path: Path | None = None,
    surface: "Surface | None" = None,
    told: Callable[[Serving], None],
) -> None:
    """Answer requests on a port, or on a Unix socket at `path`, until SIGINT or SIGTERM; then return.

    `surface` is the API to serve, None for the one that the database is laid out for. `told` is called once requests
    are answered. The database is the embedded PostgreSQL, or the one that `VSMHUB_DATABASE_URL` names. Raises
    AddressInUse before anything is started, another ServerError when the Inter-Hub cannot run, and what `keys` raises
    when it cannot keep the operator's key.
    """
    with _listening(host, port, path) as listening, prepared(paths, environ, keys, surface) as ready:
        from pydantic.warnings import UnsupportedFieldAttributeWarning

        from vsmhub.server.hosting.http import HttpServer

        url = "" if path else listener.url(listening)
        docs = f"{url}/api/v2/docs"
        layout = ready.layout
        serving = Serving(url, docs, path, ready.kept, ready.minted, layout.surface, relaid=layout.changed)

        def begun() -> None:
            told(serving)
            # FastAPI hides this warning while it makes a schema, which is not safe among threads: it would be seen.
            warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
            # Every client asks for it first, and it takes a fifth of a second to make.
            threading.Thread(target=ready.app.openapi, daemon=True).start()

        HttpServer(ready.app, ready=begun).serve_on(listening)


@contextlib.contextmanager
def _listening(host: str, port: int, path: Path | None) -> Iterator[socket.socket]:
    with listener.unix(path) if path else listener.tcp(host, port) as listening:
        try:
            yield listening
        finally:
            if path:
                path.unlink(missing_ok=True)

"""`vsmhub serve`: the embedded Inter-Hub for others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from vsmhub.server.hosting.run import Serving


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than this machine's own see it.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option("--port", "-p", help="Port; 0 takes any free one.")] = 8000,
    socket: Annotated[
        Path | None, typer.Option("--socket", help="Listen on this Unix socket instead of a port.")
    ] = None,
    surface: Annotated[
        Literal["reference", "2026-05"],
        typer.Option("--surface", help="The API to serve: the whole contract, or the one of May 2026 with its gaps."),
    ] = "reference",
) -> None:
    """Serve the embedded Inter-Hub until it is interrupted.

    It is the one that commands use as target `local`. VSMHUB_DATABASE_URL names another PostgreSQL than the embedded
    one. A database of --surface 2026-05 becomes one of the reference when that is served on it, with all its data.

    Example: vsmhub serve --port 8000
    """
    import os
    import sys

    from vsmhub.cli.output import say, say_facts, tell
    from vsmhub.paths import Paths
    from vsmhub.secrets.place import Place
    from vsmhub.server.hosting import run
    from vsmhub.server.surface import Surface
    from vsmhub.targets.choice import LOCAL, choose
    from vsmhub.targets.opening import OperatorKey, store_of
    from vsmhub.targets.settings import read_settings

    paths = Paths.from_environment(os.environ)
    target = choose(LOCAL, None, read_settings(Path.cwd(), paths.config), os.environ)
    key = OperatorKey(store_of(target, paths), Place.of_operator(LOCAL))

    def told(serving: "Serving") -> None:
        say(f"Inter-Hub serves at {serving.url or serving.socket}", "good")
        say_facts(
            {
                "API": f"{serving.url}/api/v2",
                "surface": str(serving.surface)
                + (" (the database was laid out anew for it)" if serving.relaid else ""),
                "reference": serving.docs,
                "data": serving.kept,
                "operator's key": key.kept.describe(key.place) + (" (new)" if serving.minted else ""),
            }
        )
        sys.stdout.flush()  # also into a file or a pipe, where a reader waits for the address
        tell("Ctrl-C stops it.")

    if socket is None and not _stays_here(host):
        tell("Others reach it by plain http: keys travel readable. Put a proxy that speaks https before it.", "warn")
    run.serve(paths, os.environ, key, host=host, port=port, path=socket, surface=Surface(surface), told=told)
    # Stopping is how serving ends well, whoever says so: exit code 0.
    tell("Stopped; the data stays for the next time.")


def _stays_here(host: str) -> bool:
    """Whether nobody but this machine reaches what listens there."""
    import ipaddress

    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

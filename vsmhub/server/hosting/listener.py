"""The sockets that an Inter-Hub listens on, opened first, so that what is wrong with them is said at once."""

import contextlib
import errno
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vsmhub.server.errors import AddressInUse, ServerError

BACKLOG = 2048
LAST_PORT = 65535


def tcp(host: str, port: int) -> socket.socket:
    """A socket that listens on an address and port; port 0 is any free one.

    AddressInUse when another process listens there, ServerError when this machine does not have the address.
    """
    if not 0 <= port <= LAST_PORT:  # the system would take 65537 for 1
        raise ServerError(f"{port} is no port", hint=f"ports go from 1 to {LAST_PORT}; 0 takes any free one")
    where = f"port {port} of {host}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # `localhost` has two addresses; the older one is what clients of every age try.
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except socket.gaierror as error:
        raise ServerError(
            f"{host} is no address of this machine: {error.strerror}", hint="the default is 127.0.0.1"
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(f"{where} is in use", hint="choose another with --port; 0 takes any free one") from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise ServerError(f"{where} may not be used by this user", hint="choose a port above 1023") from error
        reason = os.strerror(error.errno) if error.errno else str(error)  # `strerror` repeats the address
        raise ServerError(
            f"{where} cannot be listened on: {reason}", hint="give --host an address of this machine"
        ) from error


def url(listening: socket.socket) -> str:
    """Where clients reach a TCP socket."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not listened on
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def unix(path: Path) -> socket.socket:
    """A Unix socket that listens at `path`, where one left by a process that is gone is replaced.

    AddressInUse when another process listens there, ServerError when it cannot be made.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            _remove_unused(path)
        listening.bind(str(path))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(f"{path} is in use", hint="choose another with --socket") from error
        raise ServerError(f"{path} cannot be listened on: {error.strerror or error}") from error
    return listening


def _remove_unused(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def private() -> Iterator[socket.socket]:
    """A Unix socket in a new directory that this user alone may enter; both are removed afterwards."""
    # Not where TMPDIR says: a socket's path has room for about 100 bytes.
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-", dir="/tmp"))
    try:
        with unix(folder / "http") as listening:
            yield listening
    finally:
        shutil.rmtree(folder, ignore_errors=True)

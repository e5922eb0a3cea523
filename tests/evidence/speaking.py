"""A TCP server on loopback that says what it is told to: as a script for each connection, over TLS or not."""

import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass
class Server:
    """A server, and what it was told by others; `requests` are the first bytes of each connection that sent any."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"


@contextmanager
def speaking(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run `script` for each connection, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", free_port()))
    server = Server(listener.getsockname()[1])
    closing = threading.Event()

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            if closing.is_set():
                connection.close()
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(connection: socket.socket) -> None:
        connection.settimeout(10)
        with suppress(OSError), connection:
            if tls is None:
                script(connection)
            else:
                with tls.wrap_socket(connection, server_side=True) as secured:
                    script(secured)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        closing.set()
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            pass
        thread.join(5)
        listener.close()


@contextmanager
def answering(*answers: bytes, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Answer the n-th HTTP request with the n-th answer, the last one for all that follow."""
    holder: list[Server] = []

    def script(connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return
            request += piece
        server = holder[0]
        server.requests.append(request)
        connection.sendall(answers[min(len(server.requests), len(answers)) - 1])

    with speaking(script, tls=tls) as server:
        holder.append(server)
        yield server


def http(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer; underscores in headers' names are hyphens."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def silent(connection: socket.socket) -> None:
    """Say nothing, whatever is said, until the other leaves."""
    while connection.recv(65536):
        pass


def reset(connection: socket.socket) -> None:
    """Cut the connection, as a crash does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def free_port() -> int:
    """A port that nobody listens on, below those that outgoing connections take.

    Tests that run beside each other have ranges of their own: what one has just stopped must not be another's.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 20000 + worker % 8 * 1500 + threading.get_native_id() % 500
    for port in range(first, 32768):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("every port is taken")

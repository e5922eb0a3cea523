"""An application under uvicorn: when it serves, how it stops, what it says when it does not start."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vsmhub.server.errors import AddressInUse, ServerError
from vsmhub.server.hosting import listener
from vsmhub.server.hosting.http import HttpServer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

ROOT = Path(__file__).parents[3]


class Hello:
    """Answers every request after a time, and fails to start when told to."""

    def __init__(self, *, seconds: float = 0, fails: Exception | None = None) -> None:
        self.seconds = seconds
        self.fails = fails
        self.shut_down = False
        self.asked = threading.Event()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        import asyncio

        if scope["type"] == "lifespan":
            await receive()
            if self.fails:
                await send({"type": "lifespan.startup.failed", "message": "a long traceback"})
                raise self.fails
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self.shut_down = True
            await send({"type": "lifespan.shutdown.complete"})
            return
        self.asked.set()
        await asyncio.sleep(self.seconds)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"hello"})


def ask(port: int, *, times: int = 1) -> list[bytes]:
    answers = []
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(times):
            connection.request("GET", "/")
            answers.append(connection.getresponse().read())
    return answers


def serve(app: Hello) -> tuple[HttpServer, threading.Thread, int]:
    listening = listener.tcp("127.0.0.1", 0)
    port = listening.getsockname()[1]
    ready = threading.Event()
    server = HttpServer(app, ready=ready.set)
    thread = threading.Thread(target=server.serve_on, args=[listening])
    thread.start()
    assert ready.wait(10)
    return server, thread, port


def test_serves_until_stopped() -> None:
    app = Hello()
    server, thread, port = serve(app)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello"
        server.stop()
        thread.join(10)
    server.stop()
    assert app.shut_down
    assert not thread.is_alive(), "a connection that is kept open without a request holds nothing up"
    with pytest.raises(ConnectionRefusedError):
        ask(port)


def test_finishes_what_it_has_begun() -> None:
    app = Hello(seconds=0.5)
    server, thread, port = serve(app)
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.extend(ask(port)))
    asking.start()
    assert app.asked.wait(10)
    server.stop()
    asking.join()
    thread.join()
    assert answers == [b"hello"]
    assert app.shut_down


def test_says_why_the_application_does_not_start(capfd: pytest.CaptureFixture[str]) -> None:
    server = HttpServer(Hello(fails=ServerError("the database is gone")), ready=lambda: None)
    with pytest.raises(ServerError, match="the database is gone"):
        server.serve_on(listener.tcp("127.0.0.1", 0))
    assert "traceback" not in capfd.readouterr().err.lower()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_what_comes_after_still_runs(number: signal.Signals) -> None:
    code = (
        "from tests.server.hosting.test_http import Hello; from vsmhub.server.hosting.http import HttpServer\n"
        "from vsmhub.server.hosting import listener; listening = listener.tcp('127.0.0.1', 0)\n"
        "ready = lambda: print(listening.getsockname()[1], flush=True)\n"
        "HttpServer(Hello(), ready=ready).serve_on(listening); print('afterwards')"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        assert ask(port, times=2) == [b"hello", b"hello"]
        process.send_signal(number)
        said, complained = process.communicate(timeout=20)
    assert (said, complained, process.returncode) == ("afterwards\n", "", 0)


def test_a_port_in_use() -> None:
    with listener.tcp("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUse, match=f"port {port} of 127.0.0.1 is in use") as caught:
            listener.tcp("127.0.0.1", port)
    assert "--port" in caught.value.hint


@pytest.mark.parametrize(
    ("host", "port", "says"),
    [
        ("no-such-host.invalid", 80, "no-such-host.invalid"),
        ("192.0.2.1", 0, "192.0.2.1"),  # an address for documentation: no machine has it
        ("127.0.0.1", 70000, "70000"),
        ("127.0.0.1", -1, "-1"),
    ],
)
def test_addresses_that_cannot_be_listened_on(host: str, port: int, says: str) -> None:
    with pytest.raises(ServerError, match=says):
        listener.tcp(host, port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}"),
        ("localhost", "http://127.0.0.1:{}"),
        ("0.0.0.0", "http://127.0.0.1:{}"),
        ("::1", "http://[::1]:{}"),
    ],
)
def test_url(host: str, url: str) -> None:
    if ":" in host and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listening = listener.tcp(host, 0)
    except ServerError:
        if ":" not in host:
            raise
        pytest.skip("no IPv6 here")
    with listening:
        assert listener.url(listening) == url.format(listening.getsockname()[1])


def test_a_unix_socket_left_behind_is_replaced_and_one_in_use_is_not(folder: Path) -> None:
    path = folder / "socket"
    listener.unix(path).close()
    assert path.is_socket()
    with listener.unix(path), pytest.raises(AddressInUse, match=str(path)):
        listener.unix(path)


@pytest.mark.parametrize("name", ["missing/socket", "x" * 120])
def test_unix_sockets_that_cannot_be(folder: Path, name: str) -> None:
    with pytest.raises(ServerError, match="cannot be listened on"):
        listener.unix(folder / name)


def test_a_file_is_not_replaced_by_a_socket(folder: Path) -> None:
    (folder / "file").write_text("kept")
    with pytest.raises(ServerError):
        listener.unix(folder / "file")
    assert (folder / "file").read_text() == "kept"


def test_a_private_socket_is_this_users_alone_and_removed() -> None:
    with listener.private() as listening:
        path = Path(listening.getsockname())
        assert path.is_socket()
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.parent.stat().st_uid == os.getuid()
    assert not path.parent.exists()

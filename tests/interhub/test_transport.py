"""Targets that cannot be reached, or take too long."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.interhub.asking import WANTED, Key, Time, client
from tests.interhub.examples import HUB
from tests.interhub.scripted import Say, scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import (
    BadAddress,
    Nonsense,
    Unreachable,
)
from vsmhub.interhub.retry import RetryPolicy
from vsmhub.interhub.transport import Timeouts


def test_a_slow_answer_is_waited_for_no_longer_than_said(time: Time) -> None:
    impatient = {"timeouts": Timeouts(read=0.05), "retries": RetryPolicy(attempts=2)}
    with (
        scripted(Say(200, HUB, delay=1), Say(200, HUB, delay=1)) as server,
        client(server, time, **impatient) as target,
        pytest.raises(Unreachable, match=r"no answer in time \(2 attempts"),
    ):
        target.create_hub(WANTED)


def test_an_answer_that_trickles_in_is_not_waited_for_forever(time: Time) -> None:
    trickle = Say(200, {"openapi": "3.1.0"}, trickle=0.02)
    hasty = {"timeouts": Timeouts(answer=0.1), "retries": RetryPolicy(attempts=1)}
    with scripted(trickle) as server, client(server, time, **hasty) as target:
        with pytest.raises(Nonsense, match=r"200 with an answer that had not ended after 0\.1 s"):
            target.openapi()
        assert server.left == 0


def test_an_answer_is_read_up_to_a_limit(time: Time) -> None:
    huge = Say(200, b'{"slug": "' + b"x" * 200_000 + b'"}')
    with (
        scripted(huge) as server,
        client(server, time, answer_limit=100_000) as target,
        pytest.raises(Nonsense, match="more than 100000 bytes"),
    ):
        target.create_hub(WANTED)


def test_what_unpacks_without_end_is_not_unpacked_to_its_end(time: Time) -> None:
    """64 MiB in 64 KiB, as one layer and as several: neither costs much more memory than the limit."""
    once = gzip.compress(bytes(64 << 20), 9)
    answers = {
        "gzip": (once, "more than 100000 bytes"),
        "gzip, gzip": (gzip.compress(once, 9), "compression is broken"),
        "br": (once, "compression is broken"),
        "GZIP ": (gzip.compress(b'{"openapi": "3.1.0"}'), None),
        "x-gzip": (gzip.compress(b'{"openapi": "3.1.0"}')[:-4], "compression is broken"),
    }
    for encoding, (body, refused) in answers.items():
        say = Say(200, body, headers={"Content-Encoding": encoding})
        with scripted(say) as server, client(server, time, answer_limit=100_000) as target:
            tracemalloc.start()
            try:
                if refused is None:
                    assert target.openapi() == {"openapi": "3.1.0"}
                else:
                    with pytest.raises(Nonsense, match=refused):
                        target.openapi()
                assert tracemalloc.get_traced_memory()[1] < 8 << 20, encoding
            finally:
                tracemalloc.stop()
            assert server.left == 0


def test_nobody_listens(time: Time, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    with (
        InterHub(base, Key(), pace=time.pace) as target,
        pytest.raises(Unreachable, match="connection refused") as caught,
    ):
        list(target.hubs())
    assert "Is Inter-Hub running" in caught.value.hint
    with (
        InterHub("http://local", Key(), socket=tmp_path / "none", pace=time.pace) as target,
        pytest.raises(Unreachable, match="no such file or directory") as caught,
    ):
        list(target.hubs())
    assert str(tmp_path / "none") in caught.value.hint


def test_a_host_that_does_not_exist(time: Time) -> None:
    with InterHub("https://nowhere.localhost:9", Key(), pace=time.pace) as target, pytest.raises(Unreachable):
        list(target.hubs())


def test_a_name_below_localhost_is_this_machine_whatever_name_servers_say(time: Time) -> None:
    """Its keys travel readable, so nobody else may say where it is; most resolvers know of no such name at all."""
    with scripted(Say(200, {"openapi": "3.1.0"})) as server:
        base = server.base.replace("127.0.0.1", "hub.localhost")
        with InterHub(base, Key(), pace=time.pace) as target:
            assert target.openapi() == {"openapi": "3.1.0"}
        (asked,) = server.seen
    assert asked.headers["host"] == base.removeprefix("http://")


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")


@needs_openssl
def test_a_certificate_that_nobody_signed(time: Time, tmp_path: Path) -> None:
    with (
        tls_server(tmp_path) as base,
        InterHub(base, Key(), pace=time.pace) as target,
        pytest.raises(Unreachable, match="certificate is not trusted: self-signed certificate") as caught,
    ):
        list(target.hubs())
    assert "SSL_CERT_FILE" in caught.value.hint
    assert time.slept == []


@needs_openssl
def test_a_certificate_that_is_vouched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
    with tls_server(tmp_path) as base, InterHub(base) as target:
        assert target.openapi() == {"openapi": "3.1.0"}


def test_what_answers_speaks_no_tls(time: Time) -> None:
    def answer(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,), daemon=True)
        thread.start()
        base = f"https://127.0.0.1:{listening.getsockname()[1]}"
        with InterHub(base, pace=time.pace) as target, pytest.raises(Unreachable, match="TLS failed: ") as caught:
            target.openapi()
        thread.join(5)
    assert caught.value.hint == "Does it speak https at all?"


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(monkeypatch: pytest.MonkeyPatch, time: Time) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with scripted(Say(200, {"openapi": "3.1.0"})) as server, client(server, time) as target:
        assert target.openapi() == {"openapi": "3.1.0"}


def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch, time: Time) -> None:
    refusal = [Say(403, raw=b"HTTP/1.1 403 Forbidden\r\n\r\n")] * 2
    with scripted(*refusal) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base)
        few = RetryPolicy(attempts=2)
        with (
            InterHub("https://hub.example.org", pace=time.pace, retries=few) as target,
            pytest.raises(Unreachable, match="the proxy refused") as caught,
        ):
            target.openapi()
    assert "HTTPS_PROXY" in caught.value.hint


def test_a_host_that_cannot_be_one(time: Time) -> None:
    with (
        InterHub(f"https://{'a' * 300}.org", pace=time.pace) as target,
        pytest.raises(BadAddress, match="its host is no host name"),
    ):
        target.openapi()


@contextmanager
def tls_server(folder: Path) -> Iterator[str]:
    """A server whose certificate it signed itself, for one connection."""
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate"), "-subj", "/CN=localhost"]
    subprocess.run([*made, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")

    def answer(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(65536)
            secured.sendall(Say(200, {"openapi": "3.1.0"}, headers={"Connection": "close"}).encoded())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)

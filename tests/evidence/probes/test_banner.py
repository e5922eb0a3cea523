"""The tcp and ssh probes."""

import socket
import time

import pytest

from tests.evidence.looking import look
from tests.evidence.speaking import Script, free_port, reset, silent, speaking
from vsmhub.evidence.probes.observation import Reason


def says(text: bytes) -> Script:
    return lambda connection: connection.sendall(text)


def test_a_connection_is_enough_for_tcp() -> None:
    with speaking(lambda connection: None) as server:
        found = look("tcp", host="127.0.0.1", port=server.port)
    assert found.reason is None
    assert "banner" not in found.facts


def test_tcp_reads_a_line_when_it_is_told_to() -> None:
    with speaking(says(b"220 mail.example.org \x1b[31mESMTP\r\nmore")) as server:
        assert look("tcp", host="127.0.0.1", port=server.port, banner=True).facts["banner"] == (
            "220 mail.example.org [31mESMTP"
        )


def test_ssh_says_its_version_also_after_other_lines() -> None:
    with speaking(says(b"Welcome\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")) as server:
        found = look("ssh", host="127.0.0.1", port=server.port)
    assert found.facts["ssh.version"] == "2.0"
    assert found.facts["ssh.software"] == "OpenSSH_9.2p1"


def cut(connection: socket.socket) -> None:
    time.sleep(0.1)
    reset(connection)


FAILURES: list[tuple[str, Script, Reason]] = [
    ("something else", says(b"HTTP/1.1 400 Bad Request\r\n" * 30), Reason.PROTOCOL),
    ("an endless line", says(b"x" * 50_000), Reason.PROTOCOL),
    ("nothing", lambda connection: None, Reason.PROTOCOL),
    ("a cut connection", cut, Reason.PROTOCOL),
    ("silence", silent, Reason.TIMEOUT),
]


@pytest.mark.parametrize(("what", "script", "reason"), FAILURES, ids=[one[0] for one in FAILURES])
def test_failures_of_ssh_have_their_reason(what: str, script: Script, reason: Reason) -> None:
    with speaking(script) as server:
        found = look("ssh", host="127.0.0.1", port=server.port, timeout=0.5)
    assert found.reason is reason, found.message


def test_nobody_listening() -> None:
    for kind in ("tcp", "ssh"):
        assert look(kind, host="127.0.0.1", port=free_port()).reason is Reason.CONNECT

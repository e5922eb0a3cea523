"""The http probe against servers that answer well, wrongly, late, or not at all."""

import socket
import time
from typing import Any

import pytest

from tests.evidence.looking import look
from tests.evidence.speaking import answering, free_port, http, reset, silent, speaking
from vsmhub.evidence.probes.observation import Reason

CHALLENGE = http(401, b"{}", Docker_Distribution_Api_Version="registry/2.0", Content_Type="application/json")


def test_status_headers_and_times_are_observed() -> None:
    with answering(CHALLENGE) as server:
        found = look("http", url=server.url("/v2/"))
    assert found.reason is None
    assert found.facts["status"] == 401
    assert dict(found.facts["header"])["docker-distribution-api-version"] == "registry/2.0"  # type: ignore[arg-type]
    assert found.facts["address"] == "127.0.0.1"
    times = [found.facts[f"time.{phase}"] for phase in ("dns", "connect", "first_byte")]
    assert all(isinstance(one, float) and 0 <= one <= found.seconds for one in times)
    assert server.requests[0].startswith(b"GET /v2/ HTTP/1.1\r\nHost: 127.0.0.1:")


def test_the_body_is_read_when_a_condition_wants_it() -> None:
    answer = http(200, b'{"status": "ok", "n": [1, 2]}')
    with answering(answer) as server:
        found = look("http", url=server.url(), wanted="json body")
        assert found.facts["json"] == {"status": "ok", "n": [1, 2]}
        assert "json" not in look("http", url=server.url()).facts


# What a server does, and the reason that comes of it. None as the answer means that the connection is cut.
FAILURES: list[tuple[str, bytes | None, str, Reason]] = [
    ("no answer", b"", "", Reason.PROTOCOL),
    ("a cut connection", None, "", Reason.PROTOCOL),
    ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "", Reason.PROTOCOL),
    ("half an answer", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "", Reason.PROTOCOL),
    ("half a chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf", "", Reason.PROTOCOL),
    ("an endless head", b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 100_000, "", Reason.PROTOCOL),
    (
        "trailers without end",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + b"X-A: " + b"a" * 400_000,
        "",
        Reason.PROTOCOL,
    ),
    ("no JSON", http(200, b"<html>"), "json", Reason.BODY),
    ("JSON that is none", http(200, b"NaN"), "json", Reason.BODY),
    ("JSON too deep", http(200, b"[" * 200_000), "json", Reason.BODY),
    ("JSON too large", http(200, b"1" * 2_000_000), "json", Reason.BODY),
]


@pytest.mark.parametrize(("what", "answer", "wanted", "reason"), FAILURES, ids=[one[0] for one in FAILURES])
def test_failures_have_their_reason(what: str, answer: bytes | None, wanted: str, reason: Reason) -> None:
    def cut(connection: socket.socket) -> None:
        connection.recv(65536)
        reset(connection)

    with speaking(cut) if answer is None else answering(answer) as server:
        found = look("http", url=server.url(), wanted=wanted)
    assert found.reason is reason, found.message
    assert found.message
    assert ("larger than 64 KiB" in found.message) is (what in ("an endless head", "trailers without end"))
    assert not found.probers_own


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\nall of it") as server:
        assert look("http", url=server.url(), wanted="body").facts["body"] == "all of it"


def test_interim_answers_are_passed_over() -> None:
    with answering(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http(204)) as server:
        found = look("http", url=server.url())
    assert found.facts["status"] == 204
    assert "link" not in dict(found.facts["header"])  # type: ignore[arg-type]


def test_a_head_request_ends_with_the_head() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") as server:
        assert look("http", url=server.url(), method="HEAD").facts["status"] == 200


def test_nobody_listening_is_a_failure_to_connect() -> None:
    found = look("http", url=f"http://127.0.0.1:{free_port()}/")
    assert found.reason is Reason.CONNECT


def test_a_silent_server_is_a_timeout_that_names_its_phase() -> None:
    with speaking(silent) as server:
        before = time.perf_counter()
        found = look("http", url=server.url(), timeout=0.3)
    assert found.reason is Reason.TIMEOUT
    assert "first_byte" in found.message
    assert time.perf_counter() - before < 5


def test_a_name_that_does_not_exist_is_told_apart_from_a_resolver_that_does_not_answer() -> None:
    found = look("http", url="http://no-such-host.invalid/")
    assert found.reason in (Reason.DNS, Reason.PROBER)
    assert "no-such-host.invalid" in found.message


def moved(to: str, status: int = 302) -> bytes:
    return http(status, Location=to)


def test_redirects_are_followed_as_far_as_is_said() -> None:
    with answering(moved("/a"), moved("b?c=d"), http(200)) as server:
        found = look("http", url=server.url(), redirects=2)
        assert (found.facts["status"], found.facts["redirects"]) == (200, 2)
        assert found.facts["url"] == server.url("/b?c=d")
    with answering(moved("/a"), moved("/b"), http(200)) as server:
        found = look("http", url=server.url(), redirects=1)
        assert (found.facts["status"], found.facts["redirects"]) == (302, 1)


WRONG_WAYS = ["http://example.invalid/", "file:///etc/passwd", "//169.254.169.254/latest/", "http://a:b@127.0.0.1/"]


@pytest.mark.parametrize("to", WRONG_WAYS)
def test_a_redirect_leads_nowhere_that_the_signal_does_not_name(to: str) -> None:
    with answering(moved(to)) as server:
        found = look("http", url=server.url(), redirects=5)
    assert found.reason is Reason.REDIRECT
    assert len(server.requests) == 1


def test_a_named_host_may_be_redirected_to_but_not_to_a_forbidden_address() -> None:
    with answering(moved("http://169.254.169.254/latest/meta-data/")) as server:
        found = look("http", url=server.url(), redirects=5, redirect_hosts=("169.254.169.254",))
    assert found.reason is Reason.FORBIDDEN
    assert found.probers_own


def test_a_secret_goes_to_its_own_server_only() -> None:
    with answering(http(200)) as other, answering(moved(other.url())) as server:
        credential: dict[str, Any] = {"username": "u", "secret": "key"}
        found = look("http", url=server.url(), redirects=1, credential=credential, secrets={"key": "secret-word"})
    assert found.facts["status"] == 200
    assert b"Authorization: Basic " in server.requests[0]
    assert b"Authorization" not in other.requests[0]


def test_a_secret_that_is_not_there_is_the_probers_own_trouble() -> None:
    with answering(http(200)) as server:
        found = look("http", url=server.url(), credential={"secret": "key"})
    assert (found.reason, found.probers_own) == (Reason.PROBER, True)
    assert server.requests == []

"""What the client makes of a target that fails, lies, or keeps it waiting."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

import pytest

from tests.interhub.examples import HUB, HUB_ID
from tests.interhub.scripted import Say, Scripted, Seen, page, problem, scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import (
    BadAddress,
    Conflict,
    Forbidden,
    InterHubError,
    Invalid,
    Nonsense,
    NotFound,
    PreconditionFailed,
    RateLimited,
    ServerFault,
    Unauthorized,
    Unreachable,
)
from vsmhub.interhub.messages.framework import HubCreate, HubUpdate
from vsmhub.interhub.retry import Pace, RetryPolicy
from vsmhub.interhub.transport import Timeouts

KEY = "ihk_the-static-key-of-these-tests"
NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
WANTED = HubCreate(slug="ops-hub", name="Ops", domain="operations")
CUT_SHORT = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"data": ['
HTML = Say(200, b"<!doctype html><title>Sign in</title>", headers={"Content-Type": "text/html"})


class Key:
    def reveal(self) -> str:
        return KEY


class Time:
    """A clock that only sleeping moves, and a chance that always falls on the upper end of the jitter."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    @property
    def pace(self) -> Pace:
        return Pace(clock=lambda: self.at, sleep=self.sleep, chance=lambda: 1.0, now=lambda: NOW)


@pytest.fixture
def time() -> Time:
    return Time()


def client(server: Scripted, time: Time, **options: object) -> InterHub:
    return InterHub(server.base, Key(), pace=time.pace, **options)  # type: ignore[arg-type]


PASSING: dict[str, Say] = {
    "reset before the request is read": Say(reset="before"),
    "reset after the request is read": Say(reset="after"),
    "closed without a word": Say(raw=b""),
    "cut off in the headers": Say(raw=b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "cut off in the body": Say(raw=CUT_SHORT),
    "cut off in a chunk": Say(raw=b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"data"'),
    "500": problem(500),
    "502 from a gateway": Say(502, b"<html>Bad gateway</html>", headers={"Content-Type": "text/html"}),
    "503": Say(503, b""),
    "504": problem(504),
    "429": problem(429),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_failure_that_passes_is_not_seen(fault: Say, time: Time) -> None:
    with scripted(fault, fault, page(HUB)) as server, client(server, time) as target:
        assert [hub.slug for hub in target.hubs()] == ["ops-hub"]
        assert len(time.slept) == 2


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_creation_is_repeated_with_the_same_key(fault: Say, time: Time) -> None:
    with scripted(fault, Say(201, HUB), Say(201, HUB)) as server, client(server, time) as target:
        target.create_hub(WANTED)
        target.create_hub(WANTED)
        keys = [seen.headers["idempotency-key"] for seen in server.seen]
        first = keys[:-1]
        assert len(set(first)) == 1
        assert keys[-1] not in first
        assert len({seen.body for seen in server.seen}) == 1


LASTING: dict[str, tuple[Say, type[InterHubError], str]] = {
    "reset": (Say(reset="after"), Unreachable, "cut before an answer came (3 attempts"),
    "500": (problem(500, "the disk is full"), ServerFault, "500 A problem: the disk is full (3 attempts"),
    "503 without a reason": (
        Say(503, b""),
        ServerFault,
        "503 Service Unavailable (no reason given; the answer was nothing in it)",
    ),
    "429": (problem(429), RateLimited, "429 A problem (3 attempts"),
    "not HTTP": (Say(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Nonsense, "what answers does not speak HTTP (3 attempts"),
    "truncated": (Say(raw=CUT_SHORT), Nonsense, "200 with an answer that was cut off before its end (3 attempts"),
}


@pytest.mark.parametrize(("fault", "kind", "text"), LASTING.values(), ids=LASTING)
def test_a_failure_that_lasts_is_told_after_the_last_attempt(
    fault: Say, kind: type[InterHubError], text: str, time: Time
) -> None:
    with scripted(fault, fault, fault) as server, client(server, time, retries=RetryPolicy(attempts=3)) as target:
        with pytest.raises(kind) as caught:
            target.create_hub(WANTED)
        assert caught.value.message.startswith(f"POST /hubs at {server.base}/api/v2, hub ops-hub: ")
        assert text in caught.value.message
        assert server.left == 0


FINAL: dict[str, tuple[Say, type[InterHubError], str]] = {
    "400": (problem(400, "no"), Invalid, "400 A problem: no"),
    "403": (problem(403), Forbidden, "403 A problem"),
    "404": (problem(404), NotFound, "404 A problem"),
    "404 page": (
        Say(404, b"<h1>Not found</h1>"),
        NotFound,
        "404 Not Found (no reason given; the answer was an HTML page)",
    ),
    "405": (Say(405, b"{}"), Invalid, "405 Method Not Allowed (no reason given; the answer was JSON of 2 bytes)"),
    "409": (problem(409, "taken"), Conflict, "409 A problem: taken"),
    "412": (problem(412), PreconditionFailed, "412 A problem"),
    "413": (problem(413), Invalid, "413 A problem"),
    "422": (problem(422), Invalid, "422 A problem"),
    "501": (problem(501), ServerFault, "501 A problem"),
    "302": (
        Say(302, b"", headers={"Location": "https://hub.example.org/NewSession?back=ihk_secret"}),
        Nonsense,
        "302 to /NewSession; an API does not redirect, so this is a page for browsers",
    ),
    "HTML": (HTML, Nonsense, "200 with an HTML page, where Hub was expected"),
    "not JSON": (Say(200, b"it works!"), Nonsense, "200 with JSON of 9 bytes, where Hub was expected"),
    "not UTF-8": (Say(200, b'{"slug": "\xff"}'), Nonsense, "where Hub was expected"),
    "nothing": (Say(200, b""), Nonsense, "200 with nothing in it, where Hub was expected"),
    "another shape": (
        Say(200, {"id": "1", "slug": 3}),
        Nonsense,
        "where Hub was expected (wrong: createdAt",
    ),
    "a list": (Say(200, [HUB]), Nonsense, "where Hub was expected"),
    "content too short for its length": (
        Say(200, HUB, headers={"Content-Length": "20"}),
        Nonsense,
        "where Hub was expected",
    ),
    "broken compression": (
        Say(200, b"no gzip", headers={"Content-Encoding": "gzip"}),
        Nonsense,
        "whose compression is broken",
    ),
}


@pytest.mark.parametrize(("answer", "kind", "text"), FINAL.values(), ids=FINAL)
def test_what_cannot_get_better_is_told_at_once(answer: Say, kind: type[InterHubError], text: str, time: Time) -> None:
    with scripted(answer) as server, client(server, time) as target:
        with pytest.raises(kind) as caught:
            target.create_hub(WANTED)
        assert caught.value.message.startswith(f"POST /hubs at {server.base}/api/v2, hub ops-hub: ")
        assert text in caught.value.message
        assert "ihk_" not in caught.value.message
        assert time.slept == []


def test_every_wrong_field_is_told_with_what_would_be_right(time: Time) -> None:
    errors = [
        {"pointer": "/widgetType", "detail": "is not declared", "value": "ops-servce", "suggestions": ["ops-service"]},
        {"pointer": "/slug", "detail": "is\x1b[2J taken"},
        {"pointer": "", "detail": "is odd", "suggestions": ["a", "b"]},
    ]
    with (
        scripted(problem(422, "3 are wrong", errors=errors)) as server,
        client(server, time) as target,
        pytest.raises(Invalid) as caught,
    ):
        target.create_hub(WANTED)
    assert caught.value.message.splitlines()[1:] == [
        "  /widgetType ('ops-servce'): is not declared; did you mean ops-service?",
        "  /slug: is [2J taken",
        "  (the whole request): is odd; did you mean a or b?",
    ]
    assert caught.value.problem.errors[0].pointer == "/widgetType"


def test_what_the_fields_say_is_not_said_twice(time: Time) -> None:
    errors = [{"pointer": "/slug", "detail": "is taken", "existingId": HUB_ID}]
    with scripted(problem(409, "/slug is taken", errors=errors)) as server, client(server, time) as target:
        with pytest.raises(Conflict) as caught:
            target.create_hub(WANTED)
        assert caught.value.message.partition("ops-hub: ")[2] == "409 A problem\n  /slug: is taken"
        assert str(caught.value.problem.errors[0].existing_id) == HUB_ID


def test_a_target_that_repeats_secrets_is_not_quoted(time: Time) -> None:
    def tattle(seen: object) -> Say:
        said = f"{KEY} and {seen.headers['authorization']}"  # type: ignore[attr-defined]
        return problem(
            409,
            said,
            title=said,
            instance=said,
            errors=[{"pointer": said, "detail": said, "value": said, "suggestions": [said]}],
        )

    with scripted(tattle) as server, client(server, time) as target, pytest.raises(Conflict) as caught:
        target.create_hub(WANTED)
    for text in (caught.value.message, caught.value.hint, repr(caught.value.problem)):
        assert KEY not in text
        assert "iht_" not in text


def test_another_key_that_is_tried_is_not_quoted_either(time: Time) -> None:
    class Other:
        def reveal(self) -> str:
            return "of-no-known-form"

    refused = problem(401, "of-no-known-form is unknown")
    with scripted(refused, exchanges=False) as server, client(server, time) as target:
        with pytest.raises(Unauthorized, match=r"401 A problem: \[hidden\] is unknown"):
            target.exchange(Other())
        assert server.left == 0


def test_an_answer_that_makes_no_sense_is_not_quoted(time: Time) -> None:
    with scripted(Say(201, {"key": KEY})) as server, client(server, time) as target, pytest.raises(Nonsense) as caught:
        target.create_hub(WANTED)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


ASKED = {
    "seconds": "7",
    "date": format_datetime(NOW + timedelta(seconds=7), usegmt=True),
}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_target_that_asks_for_time_gets_it(asked: str, status: int, time: Time) -> None:
    busy = Say(status, {"title": "busy", "status": status}, headers={"Retry-After": asked})
    with scripted(busy, page(HUB)) as server, client(server, time) as target:
        assert len(list(target.hubs())) == 1
        assert time.slept == [pytest.approx(7.1)]


def test_a_target_that_asks_for_more_time_than_there_is_is_given_up_at_once(time: Time) -> None:
    busy = Say(429, {"title": "busy", "status": 429}, headers={"Retry-After": "3600"})
    with scripted(busy) as server, client(server, time) as target:
        with pytest.raises(RateLimited, match="3600 s"):
            list(target.hubs())
        assert time.slept == []


def test_waiting_ends_with_the_budget(time: Time) -> None:
    with (
        scripted(*[Say(503)] * 50) as server,
        client(server, time, retries=RetryPolicy(attempts=50, budget=20)) as target,
    ):
        with pytest.raises(ServerFault):
            list(target.hubs())
        assert time.slept == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_a_change_is_repeated_and_its_lost_answer_is_told(time: Time) -> None:
    with scripted(Say(reset="after"), problem(412)) as server, client(server, time) as target:
        with pytest.raises(PreconditionFailed) as caught:
            target.update_hub(UUID(HUB_ID), HubUpdate(name="x"), revision=3)
        assert caught.value.unsure
        assert "may have made this change" in caught.value.hint


def test_a_change_refused_at_once_was_not_made(time: Time) -> None:
    with scripted(problem(412)) as server, client(server, time) as target:
        with pytest.raises(PreconditionFailed) as caught:
            target.update_hub(UUID(HUB_ID), HubUpdate(name="x"), revision=3)
        assert not caught.value.unsure


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


def test_a_page_too_big_to_read_is_asked_for_in_halves(time: Time) -> None:
    huge = Say(200, b" " * 200_000)
    with (
        scripted(huge, huge, page(HUB, cursor="c"), page(HUB)) as server,
        client(server, time, answer_limit=100_000) as target,
    ):
        assert len(list(target.hubs())) == 2
        assert [one.path.partition("?")[2] for one in server.seen] == [
            "limit=1000",
            "limit=500",
            "limit=250",
            "limit=250&cursor=c",
        ]


def test_a_list_without_an_end_is_noticed(time: Time) -> None:
    with (
        scripted(page(HUB, cursor="c"), page(HUB, cursor="c")) as server,
        client(server, time) as target,
        pytest.raises(Nonsense, match=r"GET /hubs at .* never end"),
    ):
        list(target.hubs())


def test_a_batch_of_which_less_comes_back_is_not_taken_for_done(time: Time) -> None:
    from tests.interhub.examples import WIDGET
    from vsmhub.interhub.messages.widgets import WidgetCreate

    wanted = [
        WidgetCreate(hub_id=UUID(HUB_ID), slug=f"w-{n}", name="n", widget_type="t", policy_scope="p", view_context="v")
        for n in range(2)
    ]
    with (
        scripted(Say(201, {"data": [WIDGET]})) as server,
        client(server, time) as target,
        pytest.raises(Nonsense, match="2 widgets: 1 came back"),
    ):
        list(target.create_widgets(wanted))


def test_after_a_bad_answer_the_next_call_works(time: Time) -> None:
    """A body longer than its stated length must not be taken for the next answer."""
    long = Say(200, b'{"openapi": "3.1.0"}, "and": "more"}', headers={"Content-Length": "20"})
    with scripted(long, page(HUB)) as server, client(server, time) as target:
        assert target.openapi() == {"openapi": "3.1.0"}
        assert len(list(target.hubs())) == 1


# Tokens


def token(number: int, life: int = 900) -> Say:
    return Say(200, {"accessToken": f"iht_{number}", "expiresIn": life, "scopes": []})


def test_a_token_is_renewed_before_it_ends(time: Time) -> None:
    with (
        scripted(token(1, 100), page(), page(), token(2, 100), page(), exchanges=False) as server,
        client(server, time) as target,
    ):
        list(target.hubs())
        time.at = 74
        list(target.hubs())
        time.at = 76
        list(target.hubs())
        assert [seen.headers.get("authorization") for seen in server.seen] == [
            None,
            "Bearer iht_1",
            "Bearer iht_1",
            None,
            "Bearer iht_2",
        ]


def test_a_token_that_ended_early_is_renewed_once(time: Time) -> None:
    with (
        scripted(token(1), page(), problem(401), token(2), page(HUB), exchanges=False) as server,
        client(server, time) as target,
    ):
        list(target.hubs())
        assert len(list(target.hubs())) == 1
        assert server.seen[-1].headers["authorization"] == "Bearer iht_2"


def test_a_new_token_that_is_refused_is_not_renewed(time: Time) -> None:
    with (
        scripted(token(1), problem(401), exchanges=False) as server,
        client(server, time) as target,
        pytest.raises(Unauthorized, match="GET /hubs"),
    ):
        list(target.hubs())


def test_a_token_refused_twice_is_given_up(time: Time) -> None:
    script = [token(1), page(), problem(401), token(2), problem(401)]
    with scripted(*script, exchanges=False) as server, client(server, time) as target:
        list(target.hubs())
        with pytest.raises(Unauthorized, match="GET /hubs"):
            list(target.hubs())
        assert server.left == 0


def test_a_key_that_opens_nothing_is_told_as_such(time: Time) -> None:
    with scripted(problem(401, f"{KEY} is revoked"), exchanges=False) as server, client(server, time) as target:
        with pytest.raises(Unauthorized, match=r"POST /token at .*\[hidden\] is revoked") as caught:
            list(target.hubs())
        assert "key" in caught.value.hint


@pytest.mark.parametrize("value", ["", "two words", "line\nbreak", "ümlaut"])
def test_a_token_that_no_header_can_carry_is_nonsense(value: str, time: Time) -> None:
    bad = Say(200, {"accessToken": value, "expiresIn": 900, "scopes": []})
    with (
        scripted(bad, exchanges=False) as server,
        client(server, time) as target,
        pytest.raises(Nonsense, match=r"POST /token at http"),
    ):
        list(target.hubs())


@pytest.mark.parametrize("value", ["", "k" * 300])
def test_a_key_that_cannot_be_one_is_not_sent(value: str, time: Time) -> None:
    class Odd:
        def reveal(self) -> str:
            return value

    with scripted() as server, InterHub(server.base, Odd()) as target:
        with pytest.raises(InterHubError, match="empty or far too long"):
            list(target.hubs())
        assert server.seen == server.exchanged == []


# No server at all


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
    with InterHub("http://nowhere.localhost:9", Key(), pace=time.pace) as target, pytest.raises(Unreachable):
        list(target.hubs())


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


def test_several_threads_share_a_token_and_a_count() -> None:
    def answer(seen: Seen) -> Say:
        return page(HUB)

    with scripted(*[answer] * 40) as server, InterHub(server.base, Key()) as target:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: len(list(target.hubs())), range(40)))
        assert found == [1] * 40
        assert len(server.exchanged) == 1
        assert target.requests_made == 41


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

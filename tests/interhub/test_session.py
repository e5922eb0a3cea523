"""How the client asks again when that may help, and when it gives up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime
from uuid import UUID

import pytest

from tests.interhub.asking import NOW, WANTED, Key, Time, client
from tests.interhub.examples import HUB, HUB_ID
from tests.interhub.scripted import Say, Seen, page, problem, scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import (
    InterHubError,
    Nonsense,
    PreconditionFailed,
    RateLimited,
    ServerFault,
    Unreachable,
)
from vsmhub.interhub.messages.framework import HubUpdate
from vsmhub.interhub.retry import RetryPolicy

CUT_SHORT = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"data": ['


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


def test_after_a_bad_answer_the_next_call_works(time: Time) -> None:
    """A body longer than its stated length must not be taken for the next answer."""
    long = Say(200, b'{"openapi": "3.1.0"}, "and": "more"}', headers={"Content-Length": "20"})
    with scripted(long, page(HUB)) as server, client(server, time) as target:
        assert target.openapi() == {"openapi": "3.1.0"}
        assert len(list(target.hubs())) == 1


def test_several_threads_share_a_token_and_a_count() -> None:
    def answer(seen: Seen) -> Say:
        return page(HUB)

    with scripted(*[answer] * 40) as server, InterHub(server.base, Key()) as target:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: len(list(target.hubs())), range(40)))
        assert found == [1] * 40
        assert len(server.exchanged) == 1
        assert target.requests_made == 41

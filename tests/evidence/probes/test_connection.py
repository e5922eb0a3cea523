"""Which failures to connect are the target's, and which are this machine's."""

import asyncio
import errno
import os
import resource
import socket
from collections.abc import Iterator

import pytest

from tests.evidence.looking import look
from tests.evidence.speaking import answering, http
from vsmhub.evidence.probes.connection import Place, refused
from vsmhub.evidence.probes.kinds import observe
from vsmhub.evidence.probes.observation import Observation, Reason
from vsmhub.evidence.probes.probe import Context
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.spec.targets import Probe

CASES = [
    (errno.ECONNREFUSED, Reason.CONNECT),
    (errno.ECONNRESET, Reason.CONNECT),
    (errno.EHOSTUNREACH, Reason.CONNECT),
    (errno.ETIMEDOUT, Reason.CONNECT),
    (errno.EMFILE, Reason.PROBER),
    (errno.ENETUNREACH, Reason.PROBER),
    (errno.EADDRNOTAVAIL, Reason.PROBER),
    (errno.EACCES, Reason.PROBER),
]


@pytest.mark.parametrize(("number", "reason"), CASES, ids=[errno.errorcode[number] for number, _ in CASES])
def test_an_error_is_the_targets_or_ours(number: int, reason: Reason) -> None:
    trouble = refused(OSError(number, "Connect call failed ('192.0.2.1', 443)"), "example.org:443")
    assert trouble.reason is reason
    assert trouble.message.endswith(f"example.org:443: {os.strerror(number).lower()}")


def test_places_are_said_as_in_a_url() -> None:
    assert [str(Place("a.b", 1)), str(Place("::1", 2))] == ["a.b:1", "[::1]:2"]


@pytest.fixture
def no_more_files() -> Iterator[None]:
    """Every file that this process may open is open, but for what an event loop needs."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, before[1]))
    held: list[socket.socket] = []
    try:
        try:
            while True:
                held.append(socket.socket())
        except OSError:
            for one in held[-3:]:
                one.close()
        yield
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_machine_out_of_files_does_not_blame_its_target(no_more_files: None) -> None:
    found = look("tcp", host="127.0.0.1", port=9)
    assert found.reason is Reason.PROBER, found.message


def test_a_name_that_leads_to_this_machine_is_not_followed_unless_that_is_allowed() -> None:
    class Lying(Resolver):
        async def addresses(self, host: str) -> tuple[str, ...]:
            return ("127.0.0.1",)

    async def both(url: str) -> list[Observation]:
        context = Context(Lying())
        targets = [{"url": url}, {"url": url, "allow": ("127.0.0.0/8",)}]
        return [await observe(Probe.model_validate({"http": one}, strict=False), context) for one in targets]

    with answering(http(200)) as server:
        refused_one, allowed_one = asyncio.run(both(f"http://rebound.example.org:{server.port}/"))
    assert refused_one.reason is Reason.FORBIDDEN
    assert allowed_one.facts["status"] == 200
    assert len(server.requests) == 1
    assert b"Host: rebound.example.org" in server.requests[0]

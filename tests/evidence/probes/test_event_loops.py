"""Probes do the same on uvloop, which observing uses where it is installed."""

import asyncio

import pytest

from tests.evidence.authority import Authority
from tests.evidence.speaking import answering, free_port, http, silent, speaking
from vsmhub.evidence.probes.kinds import observe
from vsmhub.evidence.probes.observation import Observation, Reason
from vsmhub.evidence.probes.probe import Context, Trust
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.spec.targets import Probe

uvloop = pytest.importorskip("uvloop", reason="uvloop is not installed")


def look(authority: Authority, *probes: dict[str, object], timeout: float = 5.0) -> list[Observation]:
    async def run() -> list[Observation]:
        resolver = Resolver()
        context = Context(resolver, Trust(authority.file), commands=True, timeout=timeout)
        try:
            return [await observe(Probe.model_validate(one, strict=False), context) for one in probes]
        finally:
            resolver.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


def test_http_tls_and_programs(authority: Authority) -> None:
    good, bad = authority.issue("127.0.0.1"), authority.issue("example.org")
    with (
        answering(http(401)) as plain,
        answering(http(401), tls=good.context()) as secured,
        answering(http(401), tls=bad.context()) as other,
    ):
        found = look(
            authority,
            {"http": {"url": plain.url()}},
            {"http": {"url": secured.url(scheme="https")}},
            {"http": {"url": other.url(scheme="https")}},
            {"tls": {"host": "127.0.0.1", "port": other.port, "verify": False}},
            {"tcp": {"host": "127.0.0.1", "port": free_port()}},
            {"command": {"run": ("echo", "well")}},
        )
    assert [one.reason for one in found] == [None, None, Reason.TLS, None, Reason.CONNECT, None], found
    assert [one.facts.get("status") for one in found[:2]] == [401, 401]
    assert [one.facts.get("certificate.trusted") for one in found[1:4]] == [True, False, False]
    assert found[5].facts["body"] == "well\n"


def test_silence_is_a_timeout(authority: Authority) -> None:
    with speaking(silent) as server:
        (found,) = look(authority, {"ssh": {"host": "127.0.0.1", "port": server.port}}, timeout=0.3)
    assert found.reason is Reason.TIMEOUT

"""The proxy does what it says, to a real client and a real server."""

from pathlib import Path

import pytest

from tests.faults import PASSING, Boundary, Fault, Moment, at, faulty, seeded
from tests.interhub.examples import HUB
from tests.interhub.scripted import Say, page, scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import InterHubError, Nonsense, RateLimited, ServerFault, Unreachable
from vsmhub.interhub.messages.framework import HubCreate
from vsmhub.interhub.retry import NO_RETRIES, Pace

WANTED = HubCreate(slug="ops-hub", name="Ops", domain="operations")
FAST = Pace(sleep=lambda _: None)

SEEN: dict[Fault, tuple[type[InterHubError] | None, int]] = {
    Fault.NONE: (None, 1),
    Fault.DELAY: (None, 1),
    Fault.RESET_BEFORE: (Unreachable, 0),
    Fault.RESET_AFTER: (Unreachable, 1),
    Fault.BUSY: (RateLimited, 0),
    Fault.ERROR_BEFORE: (ServerFault, 0),
    Fault.ERROR_AFTER: (ServerFault, 1),
    Fault.TRUNCATED: (Nonsense, 1),
    Fault.GARBAGE: (Nonsense, 1),
}


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_is_seen_at_both_ends(fault: Fault) -> None:
    error, acted = SEEN[fault]
    with (
        scripted(Say(201, HUB)) as server,
        faulty(server.base, at({1: fault}), delay=0.05) as proxy,
        InterHub(proxy.base, retries=NO_RETRIES) as target,
    ):
        if error is None:
            assert target.create_hub(WANTED).slug == "ops-hub"
        else:
            with pytest.raises(error):
                target.create_hub(WANTED)
        assert len(server.seen) == acted
        assert proxy.faults == [fault]


@pytest.mark.parametrize("fault", PASSING)
def test_a_client_gets_over_what_passes(fault: Fault) -> None:
    with (
        scripted(*[Say(201, HUB)] * 3) as server,
        faulty(server.base, at({1: fault, 2: fault}), delay=0.01) as proxy,
        InterHub(proxy.base, pace=FAST) as target,
    ):
        assert target.create_hub(WANTED).slug == "ops-hub"
        assert len({seen.headers["idempotency-key"] for seen in server.seen}) == 1


def test_what_passes_through_is_what_was_sent(tmp_path: Path) -> None:
    heard: list[Boundary] = []
    there, here = tmp_path / "server.sock", tmp_path / "proxy.sock"
    with (
        scripted(page(HUB, cursor="c"), Say(429, b"", headers={"Retry-After": "0"}), page(HUB), unix=there) as server,
        faulty(there, at({}), listen=here, on_boundary=heard.append) as proxy,
        InterHub(proxy.base, socket=here, pace=FAST) as target,
    ):
        assert len(list(target.hubs(slug="ops-hub"))) == 2
        assert [seen.path for seen in server.seen] == [
            "/api/v2/hubs?slug=ops-hub&limit=1000",
            *["/api/v2/hubs?slug=ops-hub&limit=1000&cursor=c"] * 2,
        ]
        assert server.seen[0].headers["user-agent"].startswith("vsmhub/")
        assert proxy.requests == 3
    assert [(one.number, one.moment) for one in heard] == [
        (number, moment) for number in (1, 2, 3) for moment in (Moment.BEFORE, Moment.AFTER)
    ]


def test_a_server_that_is_gone_is_a_reset(tmp_path: Path) -> None:
    with (
        faulty(tmp_path / "nobody.sock", at({})) as proxy,
        InterHub(proxy.base, retries=NO_RETRIES) as target,
        pytest.raises(Unreachable),
    ):
        target.create_hub(WANTED)


def test_the_same_seed_means_the_same_faults() -> None:
    def drawn(seed: int) -> list[Fault]:
        schedule = seeded(seed, rate=0.5, longest=2)
        return [schedule(number, "GET", "/") for number in range(300)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert set(drawn(1)) == {Fault.NONE, *PASSING}
    clean = [fault is Fault.NONE for fault in drawn(1)]
    assert all(any(clean[place : place + 3]) for place in range(298))

"""Delivery to a real Inter-Hub: once, in order, also when requests, answers, emitter and server are lost."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Self

import psycopg
import pytest

from tests.databases import Databases
from tests.evidence.emitting import SOURCE, client, event
from tests.faults import Fault, faulty, seeded
from tests.server.conftest import hub, inter_hub, migrated
from tests.server.serving import HubUnderTest, serving
from vsmhub.evidence import delivery
from vsmhub.evidence.delivery import deliver
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.outbox import Outbox, State

__all__ = ["hub", "inter_hub", "migrated"]

pytestmark = pytest.mark.server


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite3") as found:
        yield found


def numbers(hub: HubUnderTest, widget: str) -> list[int]:
    """The numbers of the events that arrived about a widget, in the order in which they did."""
    with client(hub) as target:
        (one,) = target.widgets(slug=widget)
        found = sorted(target.events(widget=one.id), key=lambda event: event.id)
        return [int(str(event.metadata["number"])) for event in found]


def test_what_waits_arrives_in_order_and_nothing_is_left(hub: HubUnderTest, outbox: Outbox) -> None:
    a, b = hub.widget()["slug"], hub.widget()["slug"]
    outbox.put([event(hub, widget, number) for number in range(700) for widget in (a, b)])
    with client(hub) as target:
        found = deliver(outbox, target, hub.slug)
        before = target.requests_made
        again = deliver(outbox, target, hub.slug)
        assert target.requests_made == before
    assert (found.delivered, found.refused, found.waiting, found.stopped) == (1400, 0, 0, "")
    assert again.delivered == 0
    assert numbers(hub, a) == numbers(hub, b) == list(range(700))
    assert len(dict(found.evidence)) == 1400


def test_events_and_annotations_keep_what_they_hold(hub: HubUnderTest, outbox: Outbox) -> None:
    widget = hub.widget()
    made = Envelope.event(
        hub.slug,
        widget["slug"],
        hub.names["eventTypes"][1],
        source=SOURCE,
        view_context="railiance-apps/workplans/RAIL-AP-WP-0001",
        metadata={"endpoint": "https://gitea.coulomb.social/v2/"},
        actor="prober",
    )
    remark = Envelope.annotation(hub.slug, widget["slug"], hub.names["annotationCategories"][0], "See", source=SOURCE)
    outbox.put([made, remark])
    with client(hub) as target:
        assert deliver(outbox, target, hub.slug).delivered == 2
        (stored,) = target.events(widget=widget["id"])
        (note,) = target.annotations(widget=widget["id"])
    assert (stored.event_type, stored.view_context, stored.actor) == (made.type, made.data["viewContext"], "prober")
    assert stored.metadata == made.data["metadata"]
    assert abs((stored.occurred_at - made.time).total_seconds()) < 0.001
    assert note.body == "See"
    assert [one.evidence_id for one in outbox.entries(State.DELIVERED)] == [str(stored.id), str(note.id)]


def test_without_a_target_everything_waits_and_later_arrives(hub: HubUnderTest, outbox: Outbox) -> None:
    widget = hub.widget()["slug"]
    outbox.put([event(hub, widget, number) for number in range(3)])
    with client(hub, "http://127.0.0.1:9") as nowhere:
        found = deliver(outbox, nowhere, hub.slug)
    assert (found.delivered, found.waiting) == (0, 3)
    assert found.stopped
    with client(hub) as target:
        assert deliver(outbox, target, hub.slug).delivered == 3
    assert numbers(hub, widget) == [0, 1, 2]


def test_what_is_refused_is_set_aside_with_the_reason_and_the_rest_arrives(hub: HubUnderTest, outbox: Outbox) -> None:
    widget = hub.widget()["slug"]
    wrong = Envelope.event(hub.slug, widget, f"{hub.slug}-unheard-of", source=SOURCE)
    outbox.put([event(hub, widget, 0), wrong, event(hub, widget, 1)])
    with client(hub) as target:
        found = deliver(outbox, target, hub.slug)
        assert (found.delivered, found.refused, found.waiting) == (2, 1, 0)
        (entry,) = outbox.entries(State.REFUSED)
        assert "422" in entry.said
        assert outbox.retry() == 1
        assert deliver(outbox, target, hub.slug).refused == 1
    assert numbers(hub, widget) == [0, 1]


def test_what_is_about_a_widget_that_is_not_there_yet_waits_for_it(hub: HubUnderTest, outbox: Outbox) -> None:
    there = hub.widget()["slug"]
    outbox.put([event(hub, "later", 0), event(hub, there, 0), event(hub, "later", 1)])
    with client(hub) as target:
        found = deliver(outbox, target, hub.slug)
        assert (found.delivered, found.waiting) == (1, 2)
        assert "no widget later" in outbox.entries(State.WAITING)[0].said
        hub.widget(slug="later")
        assert deliver(outbox, target, hub.slug).delivered == 2
    assert numbers(hub, "later") == [0, 1]


def test_a_key_that_is_wrong_stops_everything_and_blames_nothing(hub: HubUnderTest, outbox: Outbox) -> None:
    widget = hub.widget()["slug"]
    outbox.put([event(hub, widget, 0), event(hub, widget, 1)])
    reading = hub.new_key("framework:read", f"hub:{hub.slug}:read")
    mine, hub.key = hub.key, reading
    with client(hub) as target:
        found = deliver(outbox, target, hub.slug)
    hub.key = mine
    assert (found.delivered, found.refused, found.waiting) == (0, 0, 2)
    assert "403" in found.stopped
    with client(hub) as target:
        assert deliver(outbox, target, hub.slug).delivered == 2


def test_large_ones_are_parcelled_so_that_each_is_one_request(hub: HubUnderTest, outbox: Outbox) -> None:
    widget = hub.widget()["slug"]
    made = [
        Envelope.event(
            hub.slug, widget, hub.names["eventTypes"][0], source=SOURCE, metadata={"number": n, "x": "é" * 30_000}
        )
        for n in range(40)
    ]
    outbox.put(made)
    with client(hub) as target:
        assert deliver(outbox, target, hub.slug).delivered == 40
        assert target.requests_made <= 2 + 1 + 5
    assert numbers(hub, widget) == list(range(40))


@pytest.mark.parametrize("seed", range(3))
def test_a_network_that_loses_requests_and_answers_neither_loses_nor_doubles(
    hub: HubUnderTest, outbox: Outbox, seed: int
) -> None:
    widget = hub.widget()["slug"]
    chance = random.Random(seed)
    with faulty(hub.inter_hub.socket, seeded(seed, rate=0.5, kinds=tuple(Fault))) as proxy:
        put = 0
        for _ in range(25):
            size = chance.randint(1, 40)
            outbox.put([event(hub, widget, number) for number in range(put, put + size)])
            put += size
            with client(hub, proxy.base) as target:
                deliver(outbox, target, hub.slug)
    with client(hub) as target:
        deliver(outbox, target, hub.slug)
    assert outbox.counts() == {State.WAITING: 0, State.DELIVERED: put, State.REFUSED: 0}
    assert numbers(hub, widget) == list(range(put))


@pytest.mark.parametrize(
    ("fault", "lost"), [(Fault.RESET_AFTER, 0), (Fault.RESET_BEFORE, 5), (Fault.RESET_AFTER, 2)], ids=str
)
def test_a_parcel_whose_key_may_be_forgotten_is_looked_for(
    hub: HubUnderTest, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, fault: Fault, lost: int
) -> None:
    """Whether it arrived whole, or not at all, or the target has lost some of it since."""
    widget = hub.widget()["slug"]
    outbox.put([event(hub, widget, number) for number in range(5)])

    def cut(number: int, method: str, path: str) -> Fault:
        return fault if path.endswith("/batch") else Fault.NONE

    with faulty(hub.inter_hub.socket, cut) as proxy, client(hub, proxy.base) as target:
        assert deliver(outbox, target, hub.slug).delivered == 0
    with psycopg.connect(hub.inter_hub.dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM idempotency_records")
        if fault is Fault.RESET_AFTER and lost:
            newest = "SELECT id FROM interaction_events WHERE metadata ? 'number' ORDER BY id DESC LIMIT %s"
            connection.execute(f"DELETE FROM interaction_events WHERE id IN ({newest})".encode(), [lost])
    monkeypatch.setattr(delivery, "KEYS_ARE_KEPT", timedelta(0))
    with client(hub) as target:
        found = deliver(outbox, target, hub.slug)
        assert (found.delivered, found.refused, found.waiting, found.stopped) == (5, 0, 0, "")
    assert numbers(hub, widget) == list(range(5))


class Killed:
    """A process that is killed and followed by another, again and again, until this is left.

    `ready` says whether it has begun its work; it is killed some time after that, by chance up to `longest` seconds.
    """

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        chance: random.Random,
        *,
        longest: float,
        before: Callable[[], object] = lambda: None,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.kills = 0
        self._command = [sys.executable, "-m", *command]
        self._environment = {**os.environ, **environment}
        self._chance = chance
        self._longest = longest
        self._before = before
        self._ready = ready
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._before()
            with subprocess.Popen(
                self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as running:
                while not self._ready() and running.poll() is None and not self._stop.wait(0.05):
                    pass
                self._stop.wait(self._chance.uniform(0.5, self._longest))
                running.kill()
                self.kills += 1


def emit(path: Path, hub: HubUnderTest, widget: str, count: int, chance: random.Random) -> int:
    """Put `count` events by emitters that are killed at random; how many were killed.

    An emitter that follows begins with the last number that it is not sure of, as one that reads its own log would.
    """
    kills = number = 0
    while number < count:
        arguments = [str(path), hub.slug, widget, hub.names["eventTypes"][0], str(number), str(count - number)]
        arguments.append(str(chance.random()))
        with subprocess.Popen(
            [sys.executable, "-m", "tests.evidence.emitting", *arguments], stdout=subprocess.PIPE, text=True
        ) as emitter:
            assert emitter.stdout is not None
            left = chance.randint(1, 3 + EVENTS // 2000)
            for line in emitter.stdout:
                if line.endswith("\n"):
                    number = int(line) + 1
                left -= 1
                if left == 0:
                    emitter.send_signal(signal.SIGKILL)
            kills += emitter.wait() != 0
    return kills


EVENTS = int(os.environ.get("VSMHUB_SOAK_EVENTS", "1000"))


@pytest.mark.timeout(300 + EVENTS // 50)
def test_killed_emitters_and_servers_neither_lose_nor_double(databases: Databases, tmp_path: Path) -> None:
    chance = random.Random(7)
    widgets = ["first", "second"]
    path, socket = tmp_path / "outbox.sqlite3", tmp_path / "killed.sock"
    with databases.migrated() as dsn:
        with serving(dsn) as steady:
            hub = steady.hub()
            for slug in widgets:
                hub.widget(slug=slug)
        served = Killed(
            ["vsmhub", "serve", "--socket", str(socket)],
            {"VSMHUB_HOME": str(tmp_path / "home"), "VSMHUB_DATABASE_URL": dsn},
            chance,
            longest=4.0,
            before=lambda: socket.unlink(missing_ok=True),
            ready=socket.exists,
        )
        handed = Killed(
            ["tests.evidence.handing", str(path), hub.slug, str(socket)],
            {"HANDING_KEY": hub.key["key"]},
            chance,
            longest=6.0,
        )
        began = time.perf_counter()
        with Outbox(path) as outbox, ThreadPoolExecutor(2) as threads, served, handed:
            emitters = [threads.submit(emit, path, hub, slug, EVENTS // 2, random.Random(slug)) for slug in widgets]
            while not all(one.done() for one in emitters) or outbox.waiting() or min(served.kills, handed.kills) < 2:
                time.sleep(0.1)
            seconds = time.perf_counter() - began
            kills = sum(one.result() for one in emitters)
        assert kills
        with serving(dsn) as steady, Outbox(path) as outbox:
            hub.inter_hub = steady
            assert outbox.counts() == {State.WAITING: 0, State.DELIVERED: EVENTS // 2 * 2, State.REFUSED: 0}
            for slug in widgets:
                assert numbers(hub, slug) == list(range(EVENTS // 2))
    sys.stdout.write(
        f"{EVENTS} events arrived once each, in {seconds:.0f} s; killed meanwhile: the server {served.kills} times, "
        f"emitters {kills}, what hands on {handed.kills}\n"
    )

"""What tests of the client ask with: a key, a time of their own, and something to ask for."""

from datetime import UTC, datetime

from tests.interhub.scripted import Scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.messages.framework import HubCreate
from vsmhub.interhub.retry import Pace

KEY = "ihk_the-static-key-of-these-tests"
NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
WANTED = HubCreate(slug="ops-hub", name="Ops", domain="operations")


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


def client(server: Scripted, time: Time, **options: object) -> InterHub:
    return InterHub(server.base, Key(), pace=time.pace, **options)  # type: ignore[arg-type]

"""Applies over a bad network to an Inter-Hub of another dialect, where nothing makes repeating a request safe.

It takes no batches and knows neither `Idempotency-Key` nor `If-Match`: most applies are given up, and the next one,
over a network that is well again, finishes each with nothing twice and no key lost.
"""

from pathlib import Path

import pytest

from tests.databases import Databases
from tests.interhub.surface.variants import SNAKE, served
from tests.plan.operators import Operator
from tests.plan.striking import Outcome, Struck, strike
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.retry import Pace, RetryPolicy
from vsmhub.server.operator_key import mint_operator_key

pytestmark = pytest.mark.server
SCHEDULES = 3
RATE = 0.15
NO_SOCKET = Path("unused.sock")


class Adapting(Operator):
    """An operator whose clients speak the target's dialect."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(NO_SOCKET, key)
        self.url = url
        self.operator = self.as_hub(self.operator_key)

    def as_hub(self, key: Revealing) -> InterHub:
        return InterHub(self.url, key, adapts=True)


class StruckAdapting(Struck):
    """The same behind a proxy."""

    def as_hub(self, key: Revealing) -> InterHub:
        url, pace = self.proxy.base, Pace(sleep=self._sleep)
        return InterHub(url, key, pace=pace, retries=RetryPolicy(attempts=5), adapts=True)


def test_every_apply_is_finished_by_the_next(databases: Databases, tmp_path: Path) -> None:
    outcome = Outcome()
    with (
        databases.migrated() as dsn,
        served(dsn, SNAKE) as (url, _),
        Adapting(url, mint_operator_key(dsn).secret) as operator,
    ):
        for seed in range(SCHEDULES):
            strike(operator, StruckAdapting, url, tmp_path / str(seed), seed=seed, rate=RATE, outcome=outcome)
    assert outcome.given_up >= SCHEDULES

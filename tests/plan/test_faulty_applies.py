"""Whole applies over a network that does what networks do, in a hundred seeded ways: each is finished, nothing twice.

Every schedule strikes a first apply, and then one that changes the hub, its manifest, a widget and its key. An apply
that gives up is finished by the next one, over a network that is well again.
"""

import os
from pathlib import Path

import pytest

from tests.plan.operators import Operator
from tests.plan.striking import KINDS, Outcome, Struck, strike

pytestmark = pytest.mark.server

SCHEDULES = int(os.environ.get("VSMHUB_FAULT_SCHEDULES", "100"))
PARTS = 4
RATE = 0.35


@pytest.mark.parametrize("part", range(PARTS))
def test_every_apply_is_finished(operator: Operator, tmp_path: Path, part: int) -> None:
    outcome = Outcome()
    for seed in range(part, SCHEDULES, PARTS):
        strike(operator, Struck, operator.socket, tmp_path / str(seed), seed=seed, rate=RATE, outcome=outcome)
    # The schedules have struck in every way, and more than once so that an apply gave up.
    assert all(outcome.struck[fault] > SCHEDULES / PARTS / 3 for fault in KINDS), outcome.struck
    assert outcome.given_up > SCHEDULES / PARTS / 10
    # What Retry-After asks for is waited for.
    assert outcome.heard
    assert all(outcome.heard)

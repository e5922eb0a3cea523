"""An apply that is killed at any request, or at any time, is finished by the next one: nothing twice, no key lost."""

import contextlib
import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.cli.commands import Home
from tests.cli.killing import NEVER, Killer, check, exposed, written
from tests.faults import Moment
from tests.plan.operators import Operator

pytestmark = pytest.mark.server

PARTS = 4


def requests_of_a_first_apply(operator: Operator, folder: Path) -> int:
    hub, _ = written(folder)
    with exposed(operator, folder, NEVER) as (proxy, home):
        done = home.run("apply", hub, "--yes")
        assert done.code == 0, done.text
        return proxy.requests


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_request(operator: Operator, tmp_path: Path, part: int) -> None:
    count = requests_of_a_first_apply(operator, tmp_path)
    assert count > 15
    boundaries = [(number, moment) for number in range(1, count + 1) for moment in Moment][part::PARTS]
    for number, moment in boundaries:
        hub, wanted = written(tmp_path)
        killer = Killer(number, moment)
        with exposed(operator, tmp_path, killer) as (_, home):
            killer.process = home.start("apply", hub, "--yes")
            out, err = killer.process.communicate(timeout=60)
            assert killer.process.returncode == -signal.SIGKILL, (number, moment, out, err)
            killer.process = None
            again = home.run("apply", hub, "--yes")
            assert again.code == 0, (number, moment, again.text)
            check(operator, wanted, home)


def test_ten_applies_at_once_end_in_one_hub(operator: Operator, tmp_path: Path) -> None:
    hub, wanted = written(tmp_path)
    with exposed(operator, tmp_path, NEVER) as (_, home):
        started = [home.start("apply", hub, "--yes") for _ in range(10)]
        ended = [(*process.communicate(timeout=240), process.returncode) for process in started]
        assert [code for *_, code in ended] == [0] * 10, ended
        check(operator, wanted, home)
        assert sum(out.startswith("ok") for out, *_ in ended) == 9


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.3, 1.8, 2.5])
def test_killed_at_any_time_with_the_embedded_inter_hub(folder: Path, seconds: float) -> None:
    hub, wanted = written(folder)
    home = Home(folder, {})
    process = home.start("apply", hub, "--yes")
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    again = home.run("apply", hub, "--yes")
    assert again.code == 0, again.text
    assert "registry read with the hub's own key" in again.out
    status = json.loads(home.run("status", hub, "--json").out)
    assert status["inSync"]
    live = status["live"]
    assert sorted(widget["slug"] for widget in live["widgets"]) == sorted(wanted.widgets)
    assert len([key for key in live["keys"] if not key["revokedAt"]]) == 1

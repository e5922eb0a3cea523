"""An apply that is killed at any request, or at any time, is finished by the next one: nothing twice, no key lost."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import Home
from tests.faults import Boundary, Fault, FaultProxy, Moment, faulty
from tests.plan.operators import Operator, fresh_spec
from tests.plan.world import Shown
from vsmhub.plan.desired import Desired, desired
from vsmhub.plan.history import Run, runs
from vsmhub.plan.live import usable

pytestmark = pytest.mark.server

PARTS = 4
NAME = "target"


class Killer:
    """Kills one process at one boundary."""

    def __init__(self, number: int, moment: Moment) -> None:
        self.process: subprocess.Popen[str] | None = None
        self._number = number
        self._moment = moment

    def schedule(self, number: int, method: str, path: str) -> Fault:
        # Killed before the server knows: the request ends with the process that sent it.
        return Fault.RESET_BEFORE if (number, self._moment) == (self._number, Moment.BEFORE) else Fault.NONE

    def boundary(self, boundary: Boundary) -> None:
        if (boundary.number, boundary.moment) == (self._number, self._moment) and self.process is not None:
            self.process.kill()
            self.process.wait()


def write_hub(folder: Path, text: str) -> Path:
    hub = folder / "hub"
    hub.mkdir(exist_ok=True)
    (hub / "hub.yaml").write_text(text)
    return hub


def written(folder: Path) -> tuple[Path, Desired]:
    spec = fresh_spec()
    return write_hub(folder, json.dumps(spec.model_dump(mode="json", exclude_none=True))), desired(spec)


@contextlib.contextmanager
def reached(operator: Operator, folder: Path, killer: Killer) -> Iterator[tuple[FaultProxy, Home]]:
    """A home whose target is the server behind a proxy that has the killer's ear."""
    with faulty(operator.socket, killer.schedule, on_boundary=killer.boundary) as proxy:
        (folder / "vsmhub.toml").write_text(f'target = "{NAME}"\n[targets.{NAME}]\nbase = "{proxy.base}"\n')
        yield proxy, Home(folder, {"IHUB_OPERATOR_KEY": operator.operator_key.reveal()})


def requests_of_a_first_apply(operator: Operator, folder: Path) -> int:
    hub, _ = written(folder)
    with reached(operator, folder, Killer(0, Moment.BEFORE)) as (proxy, home):
        done = home.run("apply", hub, "--yes")
        assert done.code == 0, done.text
        return proxy.requests


def check(operator: Operator, wanted: Desired, home: Home) -> None:
    """One of everything, nothing left to do, and one usable key, which is the one that is kept."""
    kept = home.folder / "vsmhub" / "keys" / NAME / f"{wanted.hub}.json"
    secret = json.loads(kept.read_text())["secret"]
    operator.keys[wanted.hub] = Shown(secret)
    seen = operator.look(wanted)
    assert seen.plan.is_empty
    live = seen.live
    assert live.hub is not None
    assert len([hub for hub in operator.operator.hubs() if hub.slug == wanted.hub]) == 1
    assert [one.status.value for one in live.manifests] == ["active"]
    assert [one.name for one in live.consumers] == [wanted.consumer]
    assert sorted(live.widgets) == sorted(wanted.widgets)
    events = list(operator.operator.events(hub=live.hub.id))
    assert len([event for event in events if "vsmFunction" in event.metadata]) == 1
    applies = [event.metadata["apply"] for event in events if "apply" in event.metadata]
    assert len(applies) == len(events) - 1 == len(set(applies))
    assert sorted(map(str, applies)) == sorted(run.name for run in runs_of(home, wanted) if run.done)
    (key,) = [one for one in live.keys if usable(one)]
    assert key.claim_by is None
    assert secret.startswith(key.prefix)


def runs_of(home: Home, wanted: Desired) -> list[Run]:
    return list(runs(home.folder / "vsmhub" / "state" / "journal" / NAME / wanted.hub))


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_request(operator: Operator, tmp_path: Path, part: int) -> None:
    count = requests_of_a_first_apply(operator, tmp_path)
    assert count > 15
    boundaries = [(number, moment) for number in range(1, count + 1) for moment in Moment][part::PARTS]
    for number, moment in boundaries:
        hub, wanted = written(tmp_path)
        killer = Killer(number, moment)
        with reached(operator, tmp_path, killer) as (_, home):
            killer.process = home.start("apply", hub, "--yes")
            out, err = killer.process.communicate(timeout=60)
            assert killer.process.returncode == -signal.SIGKILL, (number, moment, out, err)
            killer.process = None
            again = home.run("apply", hub, "--yes")
            assert again.code == 0, (number, moment, again.text)
            check(operator, wanted, home)


def test_ten_applies_at_once_end_in_one_hub(operator: Operator, tmp_path: Path) -> None:
    hub, wanted = written(tmp_path)
    with reached(operator, tmp_path, Killer(0, Moment.BEFORE)) as (_, home):
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

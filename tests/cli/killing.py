"""Commands that are killed at a request, and what has to hold of the hub afterwards."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.cli.commands import Home
from tests.cli.reaching import NAME, reaching
from tests.faults import Boundary, Fault, FaultProxy, Moment
from tests.plan.operators import Operator, fresh_spec
from tests.plan.world import Shown
from vsmhub.plan.desired import Desired, desired
from vsmhub.plan.history import Run, runs
from vsmhub.plan.live import usable


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


NEVER = Killer(0, Moment.BEFORE)


def write_hub(folder: Path, text: str) -> Path:
    hub = folder / "hub"
    hub.mkdir(exist_ok=True)
    (hub / "hub.yaml").write_text(text)
    return hub


def written(folder: Path) -> tuple[Path, Desired]:
    spec = fresh_spec()
    return write_hub(folder, json.dumps(spec.model_dump(mode="json", exclude_none=True))), desired(spec)


@contextlib.contextmanager
def exposed(operator: Operator, folder: Path, killer: Killer) -> Iterator[tuple[FaultProxy, Home]]:
    """A home whose target is the server behind a proxy that has the killer's ear."""
    with reaching(operator, folder, killer.schedule, on_boundary=killer.boundary) as (home, proxy):
        yield proxy, home


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

"""Observing one address many times: `python -m benchmarks.observing URL COUNT FOLDER` says the seconds.

It begins when a line comes on standard input, so that several can begin together, and says first that it is ready.
"""

import asyncio
import gc
import sys
import time
from pathlib import Path

from benchmarks.programs import ROOT
from vsmhub.cli.observing import event_loop
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.observations import Observations
from vsmhub.evidence.observer import Observer
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.evidence.probes.kinds import observe
from vsmhub.evidence.probes.probe import Context
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.spec.folder import load_folder
from vsmhub.spec.signals import Signal


def observed(url: str, count: int, folder: Path) -> float:
    """Seconds to observe so many signals once each, all evidence on disk; AssertionError when one does not pass."""
    hub = load_folder(ROOT / "hubs" / "ops")
    assert hub.signals
    known = hub.signals.signals[0].model_dump(mode="json", exclude_none=True, exclude={"name", "probe"})
    signals = [
        Signal.model_validate({**known, "name": f"signal-{number}", "probe": {"http": {"url": url}}}, strict=False)
        for number in range(count)
    ]
    resolver = Resolver()
    with Outbox(folder / "outbox.sqlite3") as outbox:
        prepared = [Prepared(one, Context(resolver)) for one in signals]
        outcomes: list[str] = []
        observer = Observer(
            prepared,
            Observations(outbox, hub.declared()),
            observe,
            told=lambda recorded: outcomes.append(recorded.result.judgement.outcome.value),
        )
        gc.freeze()  # as the command does
        with asyncio.Runner(loop_factory=event_loop()) as runner:
            print("ready", flush=True)
            sys.stdin.readline()
            begin = time.perf_counter()
            runner.run(observer.once())
            seconds = time.perf_counter() - begin
        assert outcomes == ["pass"] * count
        assert outbox.counts()[State.WAITING] == count
    resolver.close()
    return seconds


if __name__ == "__main__":
    where, number, place = sys.argv[1:]
    sys.stdout.write(f"{observed(where, int(number), Path(place))}\n")

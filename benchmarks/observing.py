"""What `vsmhub observe HUB --queue` does once it has read its signals, for many that look at one address.

`python -m benchmarks.observing URL COUNT` observes with an outbox in VSMHUB_HOME, and says on standard error how many
seconds it took: from before a second process is made, where there is one, until the evidence of the last is on disk and
its line is written.
"""

import dataclasses
import gc
import os
import sys
import time

from benchmarks.programs import ROOT
from vsmhub.__main__ import OBJECTS, YOUNGER
from vsmhub.cli.observing import Observing
from vsmhub.cli.results import as_text
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.paths import Paths
from vsmhub.spec.folder import load_folder
from vsmhub.spec.signals import Signal, Signals

NOWHERE = "http://127.0.0.1:9"


def observed(url: str, count: int) -> float:
    """Seconds to observe so many signals once each; AssertionError when one does not pass or is not kept."""
    hub = load_folder(ROOT / "hubs" / "ops")
    assert hub.signals
    known = hub.signals.signals[0].model_dump(mode="json", exclude_none=True, exclude={"name", "probe"})
    signals = tuple(
        Signal.model_validate({**known, "name": f"signal-{number}", "probe": {"http": {"url": url}}}, strict=False)
        for number in range(count)
    )
    observing = Observing(
        dataclasses.replace(hub, signals=Signals(spec=hub.signals.spec, signals=signals)),
        [],
        None,
        NOWHERE,
        commands=False,
        trust=None,
        queue=True,
        told=as_text,
    )
    gc.set_threshold(OBJECTS, YOUNGER, YOUNGER)  # as the command does
    begin = time.perf_counter()
    passed = observing.run(watch=False)
    sys.stdout.flush()
    seconds = time.perf_counter() - begin
    assert passed
    (file,) = (Paths.from_environment(os.environ).state / "outbox").glob("*.sqlite3")
    with Outbox(file) as outbox:
        assert outbox.counts()[State.WAITING] == count
    return seconds


if __name__ == "__main__":
    where, number = sys.argv[1:]
    taken = observed(where, int(number))
    sys.stderr.write(f"{taken}\n")

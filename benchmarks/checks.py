"""How long checking hubs takes, and how that grows with their number."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.finding import Finding, ratio
from benchmarks.programs import ROOT, vsmhub
from benchmarks.specs import write_hubs
from benchmarks.timing import Command, in_turn

TIMES = 5
FEW, MANY = 100, 1000
SECONDS = 1.0


def measure() -> list[Finding]:
    """`vsmhub check` of the seven hubs here, and of 1,000 hubs against 100."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-"))
    try:
        few, many = write_hubs(folder / "few", count=FEW), write_hubs(folder / "many", count=MANY)
        commands = {
            "seven": Command(vsmhub("check", "hubs"), folder=ROOT),
            "few": Command(vsmhub("check", str(few))),
            "many": Command(vsmhub("check", str(many))),
        }
        taken = in_turn(commands, times=TIMES, warm=1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seven = taken["seven"]
    return [
        Finding(
            "check-seven",
            "`vsmhub check` of the seven hubs, artifacts included",
            "",
            SECONDS,
            seven.median,
            f"{TIMES} times, as whole processes, after one that does not count.",
            series=(seven,),
            unit="s",
        ),
        ratio(
            "check-growth",
            f"`vsmhub check` of {MANY} hubs of the size of syn-hub",
            f"the same of {FEW}",
            MANY / FEW,
            taken["many"],
            taken["few"],
            how=f"Both {TIMES} times in turn. The aim is the ratio of the counts: time grows no faster.",
        ),
    ]

"""The first apply on an empty machine, against what no apply can do without: making and starting PostgreSQL."""

import sys

from benchmarks.finding import Finding, ratio
from benchmarks.programs import ROOT, Home, vsmhub
from benchmarks.timing import Command, in_turn

AIM = 3.0
TIMES = 7
POSTGRES = (
    "import sys; from pathlib import Path; from vsmhub.server.postgres import embedded; "
    "embedded.start(Path(sys.argv[1])).stop()"
)


def measure() -> list[Finding]:
    """`vsmhub apply hubs/ops --yes` into the embedded Inter-Hub, from nothing."""
    home = Home()
    try:
        commands = {
            "first apply": Command(vsmhub("apply", "hubs/ops", "--yes"), home.environment, ROOT, prepare=home.renew),
            "PostgreSQL alone": Command(
                [sys.executable, "-c", POSTGRES, str(home.folder / "data")], folder=ROOT, prepare=home.renew
            ),
        }
        taken = in_turn(commands, times=TIMES, warm=1)
    finally:
        home.remove()
    return [
        ratio(
            "first apply",
            "first `vsmhub apply hubs/ops` on an empty machine",
            "making, starting and stopping the embedded PostgreSQL alone",
            AIM,
            taken["first apply"],
            taken["PostgreSQL alone"],
            how=f"Both {TIMES} times in turn with an empty home each time, as whole processes, after a round that does "
            "not count; the apply makes a database, starts the Inter-Hub, bootstraps ops-hub and proves it.",
        )
    ]

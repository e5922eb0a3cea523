"""Requests and time for planning and applying 1,000 and 10,000 widgets, with batches and without."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.counting import counting
from benchmarks.finding import Finding
from benchmarks.programs import ROOT, Served, vsmhub
from benchmarks.specs import write_hub
from benchmarks.timing import Command, Series, timed

SIZES = (1_000, 10_000)
BATCH = "/api/v2/widgets/batch"
# What does not grow: the hub, its manifest, its consumer and key, tokens, evidence, and the surface that is looked at.
FIXED = 40
PAGE = 1_000


@dataclass(frozen=True)
class Run:
    """One command: how long it took, in seconds, and what it asked."""

    seconds: float
    requests: int


def measure() -> list[Finding]:
    """The number of requests is what is promised: it grows with pages and batches, or with widgets where none exist."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    served = Served()
    try:
        return [_finding(folder, served, size, batches=batches) for size in SIZES for batches in (True, False)]
    finally:
        served.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _finding(folder: Path, served: Served, size: int, *, batches: bool) -> Finding:
    hub = str(write_hub(folder / f"hub-{size}", widgets=size))
    served.start_empty()
    with counting(served.url, hidden=() if batches else (BATCH,)) as counter:
        environment = {**served.environment, "IHUB_BASE": counter.url}

        def run(*arguments: str, codes: tuple[int, ...] = (0,)) -> Run:
            before = len(counter.requests)
            seconds = timed(Command(vsmhub(*arguments), environment, ROOT, codes=codes))
            return Run(seconds, len(counter.requests) - before)

        planned = run("plan", hub, codes=(2,))
        created = run("apply", hub, "--yes")
        again = run("apply", hub, "--yes")
    word = "with batches" if batches else "without batches"
    return Finding(
        f"{size} widgets {word}",
        f"requests of an apply that creates {size:,} widgets, {word}",
        "one for each page or batch" if batches else "one for each widget",
        FIXED + (4 * size / PAGE if batches else size + 3 * size / PAGE),
        float(created.requests),
        "Over HTTP through a proxy that counts, which costs time of its own. Requests: plan before "
        f"{planned.requests}, apply {created.requests}, apply in sync {again.requests}.",
        series=(
            Series("plan of what is not there", (planned.seconds,)),
            Series("apply", (created.seconds,)),
            Series("apply in sync", (again.seconds,)),
        ),
        unit="requests",
    )

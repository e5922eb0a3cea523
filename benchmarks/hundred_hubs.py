"""How long the artifacts of 100 hubs take, against copier rendering its template 100 times."""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.finding import Finding, ratio
from benchmarks.programs import ROOT, vsmhub
from benchmarks.specs import write_hubs
from benchmarks.timing import Command, in_turn

AIM = 0.1
TIMES = 3
HUBS = 100
# One process, as a program would do it that makes many; the folder and the template come as arguments.
COPIER = f"""
import sys
from copier import run_copy
for number in range({HUBS}):
    run_copy(sys.argv[2], f"{{sys.argv[1]}}/h{{number}}", data={{"slug": f"h{{number}}-hub", "vsm_function": "SYN"}},
             defaults=True, quiet=True)
"""


def measure() -> list[Finding]:
    """`vsmhub generate` for 100 hubs that have no artifacts yet, against `copier.run_copy` 100 times in one process."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-"))
    try:
        ours, theirs = folder / "ours", folder / "theirs"
        commands = {
            "vsmhub": Command(vsmhub("generate", str(ours)), prepare=lambda: write_hubs(ours, count=HUBS)),
            "copier": Command(
                [sys.executable, "-c", COPIER, str(theirs), str(ROOT / "templates" / "hub")],
                prepare=lambda: shutil.rmtree(theirs, ignore_errors=True),
            ),
        }
        taken = in_turn(commands, times=TIMES)
        how = (
            f"Both run {TIMES} times in turn, ours writes 11 files a hub, copier 5. Reading the specs is part of ours."
        )
        return [
            ratio(
                "hundred-hubs",
                f"`vsmhub generate` of {HUBS} hubs",
                f"`copier.run_copy` {HUBS} times in one process",
                AIM,
                taken["vsmhub"],
                taken["copier"],
                how=how,
            )
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""How long the artifacts of 100 hubs take, against copier rendering its template 100 times.

Each run writes into a folder that is new, and nothing is removed before the end: before it takes an inode, ext4 without
a journal looks at all that were freed within the last minutes, which was seen to cost ours half a second and more.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.finding import Finding, ratio
from benchmarks.programs import ROOT, vsmhub
from benchmarks.specs import write_hubs
from benchmarks.timing import Command, in_turn

AIM = 0.1
TIMES = 5
HUBS = 100
# One process, as a program would do it that makes many; the folder and the template come as arguments.
COPIER = f"""
import sys
from copier import run_copy
for number in range({HUBS}):
    run_copy(sys.argv[2], f"{{sys.argv[1]}}/h{{number}}", data={{"slug": f"h{{number}}-hub", "vsm_function": "SYN"}},
             defaults=True, quiet=True)
"""
TEMPLATE = str(ROOT / "templates" / "hub")
HOW = f"Both run {TIMES} times in turn, ours writes 11 files a hub, copier 5. Reading the specs is part of ours."


def measure() -> list[Finding]:
    """`vsmhub generate` for 100 hubs that have no artifacts yet, as a whole command."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-"))
    ours, theirs = folder / "ours", folder / "theirs"
    commands = {
        "vsmhub": Command(vsmhub("generate", str(ours)), prepare=lambda: write_hubs(new(ours), count=HUBS)),
        "copier": Command([sys.executable, "-c", COPIER, str(theirs), TEMPLATE], prepare=lambda: new(theirs)),
    }
    try:
        taken = in_turn(commands, times=TIMES)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    finding = ratio(
        "hundred-hubs",
        f"`vsmhub generate` of {HUBS} hubs, from its start to its end",
        f"`copier.run_copy` {HUBS} times in one process, from its start to its end",
        AIM,
        taken["vsmhub"],
        taken["copier"],
        how=HOW,
    )
    return [finding]


def new(folder: Path) -> Path:
    """The same path, where nothing is any more: what was there lies beside it."""
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}-{sum(1 for _ in folder.parent.iterdir())}"))
    return folder

"""How long the artifacts of 100 hubs take, against copier rendering its template 100 times.

Each run writes into a folder that is new, and nothing is removed before the end: before it takes an inode, ext4 without
a journal looks at all that were freed within the last minutes, which was seen to cost ours half a second and more.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.finding import Finding, ratio
from benchmarks.programs import ROOT, vsmhub
from benchmarks.specs import write_hubs
from benchmarks.timing import BenchmarkError, Command, Series, in_turn

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
# The same where either has been imported and has made one hub already; the last line is what 100 more took, in seconds.
OURS_AGAIN = """
import sys, time
from vsmhub.cli.app import run
run(["generate", sys.argv[1]])
begin = time.perf_counter()
code = run(["generate", sys.argv[2]])
print(time.perf_counter() - begin)
sys.exit(code)
"""
COPIER_AGAIN = f"""
import sys, time
from copier import run_copy
def make(folder, number):
    run_copy(sys.argv[3], f"{{folder}}/h{{number}}", data={{"slug": f"h{{number}}-hub", "vsm_function": "SYN"}},
             defaults=True, quiet=True)
make(sys.argv[1], 0)
begin = time.perf_counter()
for number in range({HUBS}):
    make(sys.argv[2], number)
print(time.perf_counter() - begin)
"""
TEMPLATE = str(ROOT / "templates" / "hub")
HOW = f"Both run {TIMES} times in turn, ours writes 11 files a hub, copier 5. Reading the specs is part of ours."


def measure() -> list[Finding]:
    """`vsmhub generate` for 100 hubs that have no artifacts yet: as a whole command, and in a process that runs."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-"))
    try:
        fresh = (folder / str(number) for number in count())
        return [_whole(folder), _in_a_process(fresh)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _whole(folder: Path) -> Finding:
    ours, theirs = folder / "ours", folder / "theirs"
    commands = {
        "vsmhub": Command(vsmhub("generate", str(ours)), prepare=lambda: write_hubs(new(ours), count=HUBS)),
        "copier": Command([sys.executable, "-c", COPIER, str(theirs), TEMPLATE], prepare=lambda: new(theirs)),
    }
    taken = in_turn(commands, times=TIMES)
    return ratio(
        "hundred-hubs",
        f"`vsmhub generate` of {HUBS} hubs, from its start to its end",
        f"`copier.run_copy` {HUBS} times in one process, from its start to its end",
        AIM,
        taken["vsmhub"],
        taken["copier"],
        how=HOW,
    )


def _in_a_process(fresh: Iterator[Path]) -> Finding:
    ours, theirs = [], []
    for _ in range(TIMES):
        first, hubs = write_hubs(next(fresh), count=1), write_hubs(next(fresh), count=HUBS)
        ours.append(_measured_itself(OURS_AGAIN, str(first), str(hubs)))
        theirs.append(_measured_itself(COPIER_AGAIN, str(next(fresh)), str(next(fresh)), TEMPLATE))
    return ratio(
        "hundred-hubs in a process",
        f"`generate` of {HUBS} hubs in a process that has made one",
        f"`copier.run_copy` {HUBS} times in a process that has made one",
        AIM,
        Series("vsmhub", tuple(ours)),
        Series("copier", tuple(theirs)),
        how=f"{HOW} Neither starting Python nor importing counts on either side.",
    )


def _measured_itself(program: str, *arguments: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchmarkError(f"100 hubs could not be made:\n{done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


def new(folder: Path) -> Path:
    """The same path, where nothing is any more: what was there lies beside it."""
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}-{sum(1 for _ in folder.parent.iterdir())}"))
    return folder

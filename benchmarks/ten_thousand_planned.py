"""Ten thousand creations planned, against octoDNS planning as many records; time and memory."""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.finding import Finding, missing, ratio
from benchmarks.programs import ROOT
from benchmarks.specs import write_hub
from benchmarks.timing import BenchmarkError, Series

WIDGETS = 10_000
AIM = 0.25
MEMORY_AIM = 1.25
TIMES = 5
# Each is one process that measures itself and says so as JSON: seconds, and memory.
OURS = """
import json, resource, sys, time
from pathlib import Path
from vsmhub.__main__ import settle
settle()
from vsmhub.plan.desired import desired
from vsmhub.plan.diff import plan
from vsmhub.plan.key_changes import Held
from vsmhub.plan.live import Live
from vsmhub.spec.load import load_hub
begin = time.perf_counter()
spec = load_hub(Path(sys.argv[1]) / "hub.yaml")
made = plan(desired(spec), Live(), Held(), "bench")
planned = time.perf_counter()
assert sum(change.kind == "widget" for change in made.changes) == int(sys.argv[2])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": planned - begin, "memory": memory}))
"""
OCTODNS = """
import json, logging, resource, sys, time
from octodns.manager import Manager
from octodns.zone import Zone
logging.disable(logging.CRITICAL)
begin = time.perf_counter()
manager = Manager(f"{sys.argv[1]}/config.yaml")
zone = Zone("bench.test.", [])
manager.providers["declared"].populate(zone)
made = manager.providers["live"].plan(zone)
planned = time.perf_counter()
assert len(made.changes) == int(sys.argv[2])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": planned - begin, "memory": memory}))
"""
CONFIG = """\
manager: {{max_workers: 1}}
providers:
  declared: {{class: octodns.provider.yaml.YamlProvider, directory: {folder}/declared, enforce_order: false}}
  live: {{class: octodns.provider.yaml.YamlProvider, directory: {folder}/live}}
zones:
  bench.test.: {{sources: [declared], targets: [live]}}
"""
WHAT = f"reading, diff and plan of {WIDGETS:,} creations"
MEMORY = f"memory for reading and planning {WIDGETS:,} creations"
PEER = f"octoDNS reading and planning {WIDGETS:,} records"
HOW = (
    "Each peer runs in a process of its own, in turn, and measures itself after its imports; ours as the command runs. "
    "octoDNS plans from its YAML provider into an empty one."
)


def measure() -> list[Finding]:
    """Ours from the file to the plan, as theirs; and what each holds in memory."""
    if importlib.util.find_spec("octodns") is None:
        whats = (("plan-10000", WHAT, AIM), ("memory-10000", MEMORY, MEMORY_AIM))
        return [missing(name, what, PEER, aim, "octodns", how=HOW) for name, what, aim in whats]
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-"))
    try:
        hub = write_hub(folder / "hub", widgets=WIDGETS)
        records = write_records(folder / "octodns", count=WIDGETS)
        ours, theirs = [], []
        for _ in range(TIMES):
            ours.append(_measured_itself(OURS, hub))
            theirs.append(_measured_itself(OCTODNS, records))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    taken = Series("vsmhub", tuple(one["seconds"] for one in ours))
    taken_by_peer = Series("octoDNS", tuple(one["seconds"] for one in theirs))
    most, most_of_peer = (max(one["memory"] for one in them) for them in (ours, theirs))
    return [
        ratio("plan-10000", WHAT, PEER, AIM, taken, taken_by_peer, how=HOW),
        Finding(
            "memory-10000",
            MEMORY,
            PEER,
            MEMORY_AIM,
            most / most_of_peer,
            f"The most memory that each process held: {most / 1024:.0f} MiB and {most_of_peer / 1024:.0f} MiB.",
        ),
    ]


def write_records(folder: Path, *, count: int) -> Path:
    """As many address records for octoDNS, and an empty place to bring them to; its path."""
    for name in ("declared", "live"):
        (folder / name).mkdir(parents=True)
    (folder / "config.yaml").write_text(CONFIG.format(folder=folder))
    records = (
        f"name{number:05}:\n  type: A\n  ttl: 300\n  values:\n  - 10.0.{number // 250}.{number % 250 + 1}\n"
        for number in range(count)
    )
    (folder / "declared" / "bench.test.yaml").write_text("".join(records))
    return folder


def _measured_itself(program: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(WIDGETS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"planning {WIDGETS:,} failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found

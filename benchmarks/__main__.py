"""Run benchmarks: `python -m benchmarks [--keep] [name …]`; `--keep` writes docs/benchmarks.{json,md}."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from benchmarks import (
    checks,
    events_accepted,
    first_apply,
    hundred_hubs,
    machine,
    many_widgets,
    million_events,
    new_hub,
    outbox_throughput,
    probes_per_second,
    report,
    requests_in_sync,
    ten_thousand_planned,
    thousand_widgets,
    version,
)
from benchmarks.finding import Finding
from benchmarks.programs import ROOT
from benchmarks.timing import BenchmarkError

# In the order of the report. A new benchmark is a module with `measure`, and a line here.
BENCHMARKS: Mapping[str, Callable[[], list[Finding]]] = {
    "version": version.measure,
    "new-hub": new_hub.measure,
    "hundred-hubs": hundred_hubs.measure,
    "check": checks.measure,
    "first-apply": first_apply.measure,
    "requests-in-sync": requests_in_sync.measure,
    "thousand-widgets": thousand_widgets.measure,
    "ten-thousand-planned": ten_thousand_planned.measure,
    "events-accepted": events_accepted.measure,
    "million-events": million_events.measure,
    "outbox": outbox_throughput.measure,
    "probes": probes_per_second.measure,
    "many-widgets": many_widgets.measure,
}
REPORT = ROOT / "docs" / "benchmarks.json"


def main(arguments: list[str]) -> int:
    """Run what is named, or everything; 1 when a command that is measured fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--keep", action="store_true", help="write the figures to docs/")
    options = parser.parse_args(arguments)
    for name in set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {name}; known are {', '.join(BENCHMARKS)}")
    facts = machine.facts()
    print("\n".join(f"{name}: {value}" for name, value in facts.items()), end="\n\n", flush=True)
    entries = {}
    for name in options.names or BENCHMARKS:
        try:
            findings = BENCHMARKS[name]()
        except BenchmarkError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        for finding in findings:
            entries[finding.name] = report.entry(finding, date=f"{datetime.now(UTC):%Y-%m-%d}", machine=facts)
            print(report.line(finding.name, entries[finding.name]), flush=True)
    if options.keep:
        report.update(REPORT, entries, whole=not options.names)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

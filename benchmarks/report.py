"""The figures as files: JSON for programs, Markdown for people, both from the same facts."""

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

from benchmarks.finding import Finding
from vsmhub.files import write_atomically

DIGITS = 3


class Entry(TypedDict):
    """One finding, as `docs/benchmarks.json` keeps it; times are in seconds."""

    what: str
    against: str
    value: float | None
    unit: str
    aim: float
    bound: NotRequired[str]
    met: bool | None
    note: str
    how: str
    date: str
    machine: dict[str, str]
    seconds: dict[str, list[float]]


def entry(finding: Finding, *, date: str, machine: Mapping[str, str]) -> Entry:
    """A finding with where and when it was taken."""
    return Entry(
        what=finding.what,
        against=finding.against,
        value=None if finding.value is None else _rounded(finding.value),
        unit=finding.unit,
        aim=finding.aim,
        bound="≥" if finding.rate else "≤",
        met=finding.met,
        note=finding.note,
        how=finding.how,
        date=date,
        machine=dict(machine),
        seconds={series.name: [_rounded(each) for each in series.seconds] for series in finding.series},
    )


def update(path: Path, new: Mapping[str, Entry], *, whole: bool) -> None:
    """Write findings to the JSON file at `path` and to the Markdown beside it; unless `whole`, the other ones stay."""
    kept: dict[str, Entry] = {} if whole or not path.exists() else json.loads(path.read_text())
    merged = {**kept, **new}
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, json.dumps(merged, indent=2, ensure_ascii=False) + "\n")
    write_atomically(path.with_suffix(".md"), markdown(merged))


def line(name: str, each: Entry) -> str:
    """One finding for a terminal."""
    medians = ", ".join(
        f"{command} {_spelt(statistics.median(seconds))}" for command, seconds in each["seconds"].items()
    )
    kept = {True: "kept", False: "NOT KEPT", None: "not measured"}[each["met"]]
    return f"{name}: {_measured(each)} (aim {_aim(each)}; {kept})" + (f"  {medians}" if medians else "")


def markdown(entries: Mapping[str, Entry]) -> str:
    """The page: a table of promises, then how each was taken."""
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`; do not edit. Each figure is a median of whole processes, run in turn on one machine.",
        "",
        "| what | against | aim | measured | kept |",
        "|---|---|---|---|---|",
        *(_row(each) for each in entries.values()),
    ]
    for name, each in entries.items():
        lines += ["", f"## {name}", "", f"{each['how']} Taken {each['date']}."]
        if each["seconds"]:
            lines += ["", "| command | median (s) | least | most | times |", "|---|---|---|---|---|"]
            lines += [_times(command, seconds) for command, seconds in each["seconds"].items()]
        lines += ["", "; ".join(f"{fact} {value}" for fact, value in each["machine"].items()) + "."]
    return "\n".join(lines) + "\n"


def _row(each: Entry) -> str:
    kept = {True: "yes", False: "no", None: "not measured"}[each["met"]]
    return f"| {each['what']} | {each['against']} | {_aim(each)} | {_measured(each)} | {kept} |"


def _aim(each: Entry) -> str:
    return f"{each.get('bound', '≤')} {each['aim']:g}"


def _measured(each: Entry) -> str:
    return each["note"] if each["value"] is None else f"{each['value']:g} {each['unit']}".strip()


def _times(command: str, seconds: list[float]) -> str:
    return f"| {command} | {_median(seconds):g} | {min(seconds):g} | {max(seconds):g} | {len(seconds)} |"


def _spelt(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds >= 0.1 else f"{1e6 * seconds:,.0f} µs"


def _median(seconds: list[float]) -> float:
    return _rounded(statistics.median(seconds))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") if value < 1 else round(value, DIGITS)

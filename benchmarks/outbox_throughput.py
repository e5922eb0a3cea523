"""What passes through the outbox: kept one by one, kept together, and handed on, each against what it has to do."""

import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import UUID

from benchmarks.finding import Finding, throughput
from benchmarks.programs import ROOT, Served, vsmhub
from benchmarks.submitting import posted
from benchmarks.timing import BenchmarkError, Command, measured_in_turn, timed
from vsmhub.evidence.delivery import deliver
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.outbox import Outbox
from vsmhub.interhub.client import InterHub
from vsmhub.secrets.secret import Secret

HUB = "ops-hub"
WIDGET = "ops-readiness-gitea-registry"
EVENT = "ops-endpoint-verified"
SINGLE = 1000
GROUP = 1000
GROUPS = 10
TIMES = 5
AIMS = {"kept one by one": 0.5, "kept together": 0.2, "handed on": 0.5}


def measure() -> list[Finding]:
    """With `vsmhub serve` on its embedded PostgreSQL, and the outbox on the same disk."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    served = Served()
    try:
        served.start_empty()
        timed(Command(vsmhub("apply", "hubs/ops", "--yes"), served.environment, ROOT))
        key = Secret(json.loads(next((served.home.folder / "keys").rglob(f"{HUB}*.json")).read_text())["secret"])
        with InterHub(served.url, key) as target, Outbox(folder / "outbox.sqlite3") as outbox:
            hub = next(target.hubs(slug=HUB))
            widget = next(one.id for one in target.widgets(hub=hub.id) if one.slug == WIDGET)
            token = target.exchange(key).access_token
            return [
                _one_by_one(outbox, folder),
                _together(outbox, folder),
                _handed_on(outbox, target, lambda batches: posted(served.url, token, batches), widget),
            ]
    finally:
        served.remove()
        shutil.rmtree(folder, ignore_errors=True)


def events(count: int) -> list[Envelope]:
    """New events of about 800 bytes, as a probe's are."""
    return [
        Envelope.event(
            HUB,
            WIDGET,
            EVENT,
            source="urn:benchmark",
            metadata={"endpoint": "https://gitea.coulomb.social/v2/", "expectedStatus": 401, "number": number},
            view_context="railiance-apps/workplans/RAIL-AP-WP-0001",
            actor="benchmark",
        )
        for number in range(count)
    ]


def _one_by_one(outbox: Outbox, folder: Path) -> Finding:
    def ours() -> float:
        made = events(SINGLE)
        begin = time.perf_counter()
        for one in made:
            outbox.put([one])
        return (time.perf_counter() - begin) / SINGLE

    def theirs() -> float:
        texts = [json.dumps(one.document()).encode() for one in events(SINGLE)]
        with (folder / "file").open("wb", buffering=0) as file:
            begin = time.perf_counter()
            for text in texts:
                file.write(text)
                os.fdatasync(file.fileno())
            return (time.perf_counter() - begin) / SINGLE

    return _found(
        "kept one by one",
        "events that the outbox keeps one by one, each on disk before the next",
        "appending the same to a file, with fdatasync each",
        {"outbox": ours, "file": theirs},
        f"{SINGLE:,} events at a time",
    )


def _together(outbox: Outbox, folder: Path) -> Finding:
    def ours() -> float:
        made = [events(GROUP) for _ in range(GROUPS)]
        begin = time.perf_counter()
        for group in made:
            outbox.put(group)
        return (time.perf_counter() - begin) / (GROUP * GROUPS)

    def theirs() -> float:
        rows = [
            [(one.id, one.hub, one.subject, json.dumps(one.document())) for one in events(GROUP)] for _ in range(GROUPS)
        ]
        connection = sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS rows (id TEXT NOT NULL UNIQUE, hub TEXT, widget TEXT, envelope TEXT)"
        )
        begin = time.perf_counter()
        for group in rows:
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", group)
            connection.execute("COMMIT")
        seconds = time.perf_counter() - begin
        connection.close()
        return seconds / (GROUP * GROUPS)

    return _found(
        "kept together",
        f"events that the outbox keeps {GROUP:,} at a time, cleaned of secrets",
        "SQLite inserting the same rows, made before, with one index",
        {"outbox": ours, "SQLite": theirs},
        f"{GROUPS} groups of {GROUP:,} events at a time, each a transaction with synchronous=FULL",
    )


def _handed_on(outbox: Outbox, target: InterHub, post: Callable[[list[bytes]], float], widget: UUID) -> Finding:
    count = GROUP * GROUPS
    deliver(outbox, target, HUB)  # what the others left, and the first turn

    def ours() -> float:
        outbox.put(events(count))
        begin = time.perf_counter()
        report = deliver(outbox, target, HUB)
        seconds = time.perf_counter() - begin
        if report.delivered != count:
            raise BenchmarkError(f"{report.delivered} of {count} events were delivered: {report.stopped}")
        return seconds / count

    return _found(
        "handed on",
        "events that the outbox hands on to `vsmhub serve`, noted before and after",
        "posting the same batches, made before, and reading nothing of the answers",
        {"outbox": ours, "posting": lambda: post(_batches(widget, events(count))) / count},
        f"{count:,} events at a time in batches of {GROUP:,}, over one connection",
    )


def _batches(widget: UUID, made: list[Envelope]) -> list[bytes]:
    requests = [one.request(widget).model_dump(mode="json", by_alias=True, exclude_none=True) for one in made]
    return [json.dumps({"items": requests[start : start + GROUP]}).encode() for start in range(0, len(requests), GROUP)]


def _found(name: str, what: str, against: str, measured: Mapping[str, Callable[[], float]], how: str) -> Finding:
    """Each in turn; what they give is seconds for one event."""
    ours, theirs = measured_in_turn(measured, times=TIMES, warm=1).values()
    how = f"{how}, in turn, {TIMES} times, after a turn that does not count. Both on the same disk."
    return throughput(f"outbox, {name}", what, against, AIMS[name], ours, theirs, how=how)

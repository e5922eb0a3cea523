"""Events accepted over HTTP, one by one and in batches, against rows put into the same table of the same PostgreSQL."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.finding import Finding, missing, throughput
from benchmarks.machine import program_path
from benchmarks.submitting import EVENT, METADATA, Submitting, posted, submitting
from benchmarks.timing import BenchmarkError, measured_in_turn
from vsmhub.server.postgres import installation

CLIENTS = 16
SECONDS = 5
TIMES = 5
BATCH = 1000
BATCHES = 10
ONE_AIM = 0.2
BATCH_AIM = 0.25
NAMES = ("events one by one", "events in batches")
COLUMNS = (
    "id, hub_id, widget_id, event_type, view_context, occurred_at, series, collected_at, weight, metadata, actor, "
    "created_at"
)
ONE_PEER = "`pgbench` single-row inserts into the same table"
BATCH_PEER = "`COPY` into the same table"


def measure() -> list[Finding]:
    """With `vsmhub serve` as it comes, and its embedded PostgreSQL as it comes."""
    with submitting() as to:
        return [*_one_by_one(to), *_in_batches(to)]


def _one_by_one(to: Submitting) -> list[Finding]:
    how = (
        f"{CLIENTS} connections at once for {SECONDS} s, in turn, {TIMES} times. wrk submits events of about 500 bytes "
        "to `vsmhub serve`, which looks up token, scope, widget and event type for each and writes event, audit row, "
        "current state and webhook deliveries, committed before it answers. pgbench inserts the same row into "
        "interaction_events, each committed by itself, with prepared statements. Both on the same embedded PostgreSQL, "
        "with fsync."
    )
    what = "events accepted one by one"
    wrk, pgbench = program_path("wrk"), _pgbench()
    if wrk is None or pgbench is None:
        lacking = "wrk" if wrk is None else "pgbench"
        return [missing(NAMES[0], what, ONE_PEER, ONE_AIM, lacking, how=how, rate=True)]
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    try:
        ours, theirs = _wrk(to, wrk, folder), _inserts(to, pgbench, folder)
        taken = measured_in_turn({"vsmhub": ours, "pgbench": theirs}, times=TIMES, warm=1)
    finally:
        shutil.rmtree(folder)
    return [throughput(NAMES[0], what, ONE_PEER, ONE_AIM, taken["vsmhub"], taken["pgbench"], how=how)]


def _pgbench() -> Path | None:
    beside = installation.find(None).postgres.with_name("pgbench")
    return beside if beside.exists() else program_path("pgbench")


def _inserts(to: Submitting, pgbench: Path, folder: Path) -> Callable[[], float]:
    """What measures the seconds for one row."""
    script = folder / "insert.sql"
    # A colon before a word is a variable of pgbench's, also inside a text.
    metadata = re.sub(r":(?=\w)", r"\\u003a", json.dumps(METADATA))
    widgets = "{" + ",".join(map(str, to.widgets)) + "}"
    script.write_text(
        f"\\set place random(1, {len(to.widgets)})\n"
        f"INSERT INTO interaction_events ({COLUMNS}) VALUES (uuidv7(), '{to.hub}', ('{widgets}'::uuid[])[:place], "
        f"'{EVENT}', 'bench', now(), '-', now(), 0, '{metadata}', 'pgbench', now());\n"
    )
    command = [str(pgbench), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)]

    def seconds() -> float:
        said = _said([*command, "-f", str(script), "-d", to.dsn])
        return 1 / float(next(line for line in said.splitlines() if line.startswith("tps")).split()[2])

    return seconds


def _wrk(to: Submitting, wrk: Path, folder: Path) -> Callable[[], float]:
    """What measures the seconds for one event."""
    script = folder / "submit.lua"
    bodies = ", ".join(f"[[{json.dumps(to.body(place))}]]" for place in range(len(to.widgets)))
    script.write_text(
        f"""local bodies = {{{bodies}}}
local headers = {{["Content-Type"] = "application/json", ["Authorization"] = "Bearer {to.token}"}}
local place = 0
request = function()
  place = place % #bodies + 1
  return wrk.format("POST", "/api/v2/interaction-events", headers, bodies[place])
end
done = function(summary, latency, requests)
  local refused = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("taken %d refused %d micros %d\\n", summary.requests, refused, summary.duration))
end
"""
    )
    command = [str(wrk), "-t", "1", "-c", str(CLIENTS), "-d", f"{SECONDS}s", "-s", str(script), to.url]

    def seconds() -> float:
        words = next(line for line in _said(command).splitlines() if line.startswith("taken")).split()
        if int(words[3]):
            raise BenchmarkError(f"{words[3]} of {words[1]} events were refused")
        return int(words[5]) / int(words[1]) / 1e6

    return seconds


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def _in_batches(to: Submitting) -> list[Finding]:
    how = (
        f"{BATCHES} batches of {BATCH:,} events, one after the other over one connection, all of a batch or none; COPY "
        f"puts {BATCHES * BATCH:,} such rows into interaction_events in one statement. In turn, {TIMES} times. Both on "
        "the same embedded PostgreSQL, with fsync."
    )
    taken = measured_in_turn({"vsmhub": lambda: _submitted(to), "COPY": lambda: _copied(to)}, times=TIMES, warm=1)
    what = f"events accepted in batches of {BATCH:,}"
    return [throughput(NAMES[1], what, BATCH_PEER, BATCH_AIM, taken["vsmhub"], taken["COPY"], how=how)]


def _submitted(to: Submitting) -> float:
    body = json.dumps({"items": [to.body(place) for place in range(BATCH)]}).encode()
    return posted(to.url, to.token, [body] * BATCHES) / (BATCH * BATCHES)


def _copied(to: Submitting) -> float:
    now = psycopg.connect(to.dsn).execute("SELECT now()").fetchone()
    assert now
    rows = [
        (
            uuid4(),
            to.hub,
            to.widgets[place % len(to.widgets)],
            EVENT,
            "bench",
            now[0],
            "-:bench",
            now[0],
            0,
            Jsonb(METADATA),
            "c",
            now[0],
        )
        for place in range(BATCH * BATCHES)
    ]
    with psycopg.connect(to.dsn) as connection, connection.cursor() as cursor:
        begin = time.perf_counter()
        with cursor.copy(f"COPY interaction_events ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        return (time.perf_counter() - begin) / len(rows)

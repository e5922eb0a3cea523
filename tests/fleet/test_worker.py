"""Workers as real processes on a real PostgreSQL, before a real Inter-Hub; one of them is killed."""

import json
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest

from tests.cli.commands import Home
from tests.databases import Databases
from tests.evidence.speaking import http, speaking
from tests.fleet.workers import Watched, homes, hub
from tests.plan.operators import Operator
from tests.server.serving import serving_fresh
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.envelope import identity
from vsmhub.server.operator_key import mint_operator_key

pytestmark = pytest.mark.server


@dataclass(frozen=True)
class Shared:
    """An Inter-Hub and its database, which workers use as well."""

    operator: Operator
    dsn: str


@pytest.fixture
def shared(databases: Databases) -> Iterator[Shared]:
    with (
        serving_fresh(databases) as running,
        Operator(running.socket, mint_operator_key(running.dsn).secret) as operator,
    ):
        yield Shared(operator, running.dsn)


def slowly(connection: socket.socket) -> None:
    """Answer like a registry, after a while, so that a kill finds probes under way."""
    if connection.recv(65536):
        time.sleep(0.3)
        connection.sendall(http(401))


@dataclass(frozen=True)
class Worker:
    """A worker at work. What it says goes into files: a pipe that nobody reads would fill, and hold it up."""

    process: "subprocess.Popen[str]"
    out: IO[str]
    err: IO[str]

    def ended(self, number: signal.Signals) -> tuple[str, str]:
        """What it has said, when it is told to stop, and stops."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self.out.seek(0)
        self.err.seek(0)
        out, err = self.out.read(), self.err.read()
        assert code == 0, err
        assert "Traceback" not in err
        return out, err

    def kill_while(self, watched: Watched, query: str) -> None:
        """Kill it where the query finds something, and not a moment after."""
        while True:
            watched.until(query)
            self.process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)  # what it has sent already is carried out
            if any(watched.rows(query)[0].values()):
                self.process.kill()
                return
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def started(home: Home, *arguments: str | Path) -> Iterator[Worker]:
    """A worker, which is gone when the block ends, however it does."""
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        process = home.start("worker", *arguments, out=out, err=err)
        try:
            yield Worker(process, out, err)
        finally:
            process.kill()
            process.wait()


def test_a_killed_worker_costs_no_slot_and_doubles_none(shared: Shared, tmp_path: Path) -> None:
    watched = Watched(shared.dsn)
    options = ("--lost-after", "2s", "--shard", "10", "--json")
    with speaking(slowly) as server:
        ops = hub(tmp_path, server.url(""), signals=60, every="8s")
        with homes(shared.operator, shared.dsn, tmp_path, ops, "one", "two") as (one, two):
            with (
                started(one, ops, "--name", "one", *options) as first,
                started(two, ops, "--name", "two", *options) as second,
            ):
                for name in ("one", "two"):
                    watched.until(f"SELECT count(*) FROM slots WHERE worker = '{name}' AND state = 'observed'")
                first.kill_while(watched, "SELECT count(*) FROM slots WHERE worker = 'one' AND state = 'claimed'")
                killed = watched.rows("SELECT now() AS at")[0]["at"]
                watched.until("SELECT count(*) FROM slots WHERE claims > 1 AND state = 'observed'")
                time.sleep(3)
                # Where all went quickly, the first of some signals' times are still to come.
                watched.until("SELECT count(DISTINCT signal) = 60 FROM slots WHERE slot < now() - interval '3 s'")
                stopped = watched.rows("SELECT now() AS at")[0]["at"]
                # What is older than three seconds is done with, as soon as a busy machine comes to it.
                open_ = f"state IN ('due', 'claimed') AND slot < '{stopped}'::timestamptz - interval '3 s'"
                watched.until(f"SELECT NOT EXISTS (SELECT FROM slots WHERE {open_})", seconds=90)
                out, err = second.ended(signal.SIGTERM)
            assert "a shard of a worker that was lost is taken up again" in err
            said = [(line["signal"], line["slot"]) for line in map(json.loads, out.splitlines())]
            assert len(set(said)) == len(said)

            # Each slot was observed once, also those whose worker died.
            rows = watched.rows("SELECT * FROM slots WHERE slot < %s - interval '3 s'", stopped)
            assert {row["state"] for row in rows} == {"observed"}
            assert {row["worker"] for row in rows if row["slot"] > killed} <= {"two"}
            assert len({row["signal"] for row in rows}) == 60

            # What the dead one had kept arrives too, and nothing is there twice.
            assert one.run("outbox", "retry").code == 0
            observed = watched.rows("SELECT signal, slot FROM slots WHERE state = 'observed'")
            found = next(iter(shared.operator.operator.hubs(slug="ops-hub")))
            events = list(shared.operator.operator.events(hub=found.id, event_type="ops-endpoint-verified"))
            arrived = Counter(json.loads(json.dumps(one.metadata))["evidence"]["id"] for one in events)
            assert set(arrived.values()) == {1}
            assert set(arrived) <= {evidence_id(row) for row in observed}
            # A kill right after the commit leaves evidence held, for the next worker there to let go in a minute.
            assert {evidence_id(row) for row in observed} - set(arrived) <= held(one)

            # Nobody works any more, which shows; and who comes next tells of it, and does not make up for it.
            for statement in (
                "UPDATE schedules SET planned_at = planned_at - interval '10 minutes'",
                "UPDATE plans SET planned = planned - interval '10 minutes'",
            ):
                watched.rows(statement)
            with started(one, ops, "--name", "three", *options) as third:
                watched.until("SELECT count(*) FROM silences WHERE told")
                watched.until("SELECT count(*) FROM slots WHERE worker = 'three' AND state = 'observed'")
                _, err = third.ended(signal.SIGINT)
            assert "nobody had planned since" in err
            (told,) = shared.operator.operator.annotations(hub=found.id)
            assert told.category == "ops-observability-gap"
            assert "The last to plan was worker two; worker three noticed." in told.body
            done = one.run("worker", ops, "--check", "--lost-after", "2s")
            assert done.code == 2, done.text
            assert "no worker lives; the last was seen at" in done.out
            assert "silent from" in done.out
            # Gates that rest on what they observed turn stale, and say why.
            later = datetime.now(UTC) + timedelta(hours=1)
            done = one.run("gates", ops, "--as-of", later.isoformat())
            assert done.code == 2, done.text
            assert re.search(r"stale +It answers", done.out)
            assert re.search(r"no evidence since 20.* UTC, last by worker (one|two|three)", done.out), done.out
            missed = watched.rows("SELECT min(missed) AS least, max(missed) AS most FROM plans")[0]
            assert 600 // 8 - 3 <= missed["least"] <= missed["most"] <= 600 // 8 + 4


def held(home: Home) -> set[str]:
    """The ids of evidence that a machine's outbox still holds."""
    (file,) = (home.folder / "vsmhub" / "state" / "outbox").glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        return {json.loads(text)["id"] for (text,) in connection.execute("SELECT envelope FROM held")}


def evidence_id(row: dict[str, object]) -> str:
    slot = rfc3339(row["slot"])  # type: ignore[arg-type]
    name = f"{slot} ops-endpoint-verified ops-readiness-gitea-registry"
    return str(identity(f"urn:vsmhub:ops-hub:signal:{row['signal']}", name))

"""Workers in this process, before troubles that a process of its own would not meet at will."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.databases import Databases
from tests.evidence.signals import context, signal
from tests.fleet.workers import Watched
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.outbox import Outbox
from vsmhub.evidence.probes.observation import Observation
from vsmhub.evidence.probes.probe import Context
from vsmhub.fleet import database as database_module
from vsmhub.fleet import worker as worker_module
from vsmhub.fleet.database import prepare
from vsmhub.fleet.member import Observed
from vsmhub.fleet.pace import Pace
from vsmhub.fleet.worker import Worker
from vsmhub.spec.folder import load_folder
from vsmhub.spec.targets import Probe

pytestmark = pytest.mark.server
OPS = load_folder(Path(__file__).parents[2] / "hubs" / "ops")
SIGNALS = [signal(f"s{number}", every="2s", timeout="1s") for number in range(10)]


async def look(probe: Probe, context: Context) -> Observation:
    return Observation(at=datetime.now(UTC), seconds=0.0, facts={"status": 401})


def at_work(dsn: str, folder: Path, until: Callable[[], object], *, pace: Pace) -> list[str]:
    """What a worker says until something is so, from a thread's view; it must end when it is told to."""
    said: list[str] = []

    async def run() -> None:
        stop = asyncio.Event()
        with Outbox(folder / "outbox.sqlite3") as outbox:
            observed = Observed(OPS, [Prepared(one, context()) for one in SIGNALS], outbox)
            worker = Worker(dsn, "w", [observed], look, stop=stop, said=said.append, pace=pace)
            working = asyncio.create_task(worker.run())
            try:
                await asyncio.to_thread(until)
            finally:
                stop.set()
                await asyncio.wait_for(working, 20)

    prepare(dsn)
    asyncio.run(run())
    return said


def test_a_dead_scheduler_is_noticed_and_replaced(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue's own scheduler hangs, for its table is locked; the workers see that nobody plans, and do."""
    monkeypatch.setattr(worker_module, "SILENT_AFTER", 1.0)
    watched = Watched(database)
    prepare(database)
    with psycopg.connect(database) as blocking:
        blocking.execute("LOCK TABLE vsmhub_observation.procrastinate_periodic_defers IN EXCLUSIVE MODE")
        said = at_work(
            database,
            tmp_path,
            lambda: watched.until("SELECT count(*) FROM slots WHERE state = 'observed'", wanted=lambda n: n >= 20),
            pace=Pace(lost_after=2),
        )
    assert [text for text in said if text.startswith("ops-hub: nobody has planned for")]


def test_a_database_that_goes_away_is_waited_for(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "PATIENCE", 1.0)
    with databases.fresh() as dsn:
        watched = Watched(dsn)
        name = urlsplit(dsn).path[1:]

        def outage() -> None:
            watched.until("SELECT count(*) FROM slots WHERE state = 'observed'", wanted=lambda n: n >= 10)
            with psycopg.connect(databases.dsn, autocommit=True) as connection:
                connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
                time.sleep(3)
                connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
            before = watched.rows("SELECT max(slot) AS at FROM slots")[0]["at"]
            watched.until(f"SELECT count(*) FROM slots WHERE state = 'observed' AND slot > '{before}'")

        said = at_work(dsn, tmp_path, outage, pace=Pace(lost_after=2))
        assert len([text for text in said if "does not answer" in text]) == 1
        assert f"database {name}" in "".join(said)

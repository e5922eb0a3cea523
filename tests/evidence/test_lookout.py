"""A second process that looks: the same evidence, whatever becomes of it, and nothing of it stays behind."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.commands import ROOT, Home
from tests.evidence import services
from tests.evidence.speaking import free_port
from tests.fleet.workers import hub
from tests.processes import gone, second

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="needs Linux and two processors"
)
NOWHERE = ("--queue", "--base", "http://127.0.0.1:9")
PAGE = """location / { default_type application/json; add_header Docker-Distribution-Api-Version registry/2.0 always;
    return 401 '{"a": 1}'; }"""
OTHER = """\
  - name: {name}
    why: It is there to be looked at
    fix: Nothing
    probe: {probe}
    every: 5s
    timeout: 1s
    retries: 0
    expect: ["{expect}"]
    emits:
      - event: ops-endpoint-verified
        widget: ops-readiness-gitea-registry
        metadata: {metadata}
"""
SAW = """{registry: "{header['docker-distribution-api-version']}", json: "{json.$.a}"}"""


def others(url: str) -> str:
    """Signals that differ from the many: in how they end, and in who looks."""
    http = f'{{http: {{url: "{url}/"}}}}'
    refused = f"{{tcp: {{host: 127.0.0.1, port: {free_port()}}}}}"
    made = [
        ("refused", refused, "latency < 1s", "{}"),
        ("no-tls", f"{{tls: {{host: 127.0.0.1, port: {urlsplit(url).port}}}}}", "latency < 1s", "{}"),
        ("other-status", http, "status == 200", "{}"),
        ("read-here", "{file: {path: hub.yaml}}", "size > 1KiB", "{}"),
        ("says-what-it-saw", http, "json.$.a == 1", SAW),
    ]
    names = ("name", "probe", "expect", "metadata")
    return "".join(OTHER.format(**dict(zip(names, one, strict=True))) for one in made)


@pytest.fixture
def ops(tmp_path: Path) -> Iterator[Path]:
    (folder := tmp_path / "nginx").mkdir()
    tmp_path.chmod(0o755)
    with services.nginx(folder, None, PAGE) as port:
        url = f"http://127.0.0.1:{port}"
        made = hub(tmp_path, url, signals=600, every="1s")
        with (made / "signals.yaml").open("a") as file:
            file.write(others(url))
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, {})


@contextmanager
def one_processor() -> Iterator[None]:
    """What is started inside has one processor, so that a second process does not pay."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def rows(home: Home, statement: str) -> list[tuple[Any, ...]]:
    (file,) = (home.folder / "vsmhub" / "state" / "outbox").glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(connection.execute(statement))


def kept(home: Home) -> int:
    """How many observations there are, each of which has its evidence, once."""
    slots = rows(home, "SELECT signal, slot FROM observations WHERE attempt = 1")
    said = rows(home, "SELECT DISTINCT envelope ->> '$.source', envelope ->> '$.id' FROM envelopes")
    assert len(said) == len(rows(home, "SELECT 1 FROM envelopes")) == len(slots) == len(set(slots))
    return len(slots)


def evidence(home: Home) -> dict[str, Any]:
    """What was observed and what is told of it, by signal, without what differs from one second to the next."""
    found: dict[str, Any] = {}
    changing = {"latency", "age", "id", "collectedAt", "expiresAt"}
    for name, outcome, reason, said, facts in rows(
        home, "SELECT signal, outcome, reason, said, facts FROM observations"
    ):
        seen: dict[str, Any] = {
            key: "" if key.startswith("time.") or key in changing else it for key, it in json.loads(facts).items()
        }
        seen.get("header", {}).pop("date", None)
        found[name] = [outcome, reason, said, seen]
    for (text,) in rows(home, "SELECT envelope FROM envelopes"):
        envelope = json.loads(text)
        metadata = envelope["data"]["metadata"]
        own = metadata.pop("evidence")
        found[own["signal"]] += [
            {key: it for key, it in envelope.items() if key not in {"id", "time", "data"}},
            {key: "" if key == "latencyMs" else it for key, it in metadata.items()},
            {key: it for key, it in own.items() if key not in changing},
        ]
    return found


def test_two_processes_see_what_one_sees(ops: Path, tmp_path: Path) -> None:
    found = []
    for processes in (1, 2):
        own = Home(tmp_path / f"{processes}", {})
        own.folder.mkdir()
        with one_processor() if processes == 1 else nullcontext():
            running = own.start("observe", ops, *NOWHERE)
        with ThreadPoolExecutor(1) as reader:
            end = reader.submit(running.communicate, timeout=60)
            there = second(running)
            out, err = end.result()
        assert (there > 0, running.returncode, err) == (processes == 2, 1, "")
        assert len([line for line in out.splitlines() if line.startswith("pass")]) == 602
        assert kept(own) == 605
        assert gone(there) if there else True
        found.append(evidence(own))
    assert found[0] == found[1]
    assert [found[0][name][:2] for name in ("refused", "no-tls", "other-status", "read-here")] == [
        ["fail", "connect"],
        ["fail", "tls"],
        ["fail", "status"],
        ["pass", None],
    ]


class Watching:
    """`vsmhub observe --watch` by two processes, from when it has observed something; `lines` are what it says."""

    def __init__(self, home: Home, ops: Path) -> None:
        self.process = home.start("observe", ops, "--watch", "--json", *NOWHERE)
        self.second = second(self.process)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        while not self.lines and self.process.poll() is None:
            time.sleep(0.01)

    def until_it_told(self, *, more_than: int) -> None:
        """So much: every signal once, and at least one again."""
        end = time.monotonic() + 60
        while len(self.lines) <= more_than and self.process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(self.process.stdout)

    def ended(self) -> str:
        """What it complained of, once it has ended; that it has to by itself."""
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            self._reader.join()
        assert self.process.stderr
        assert gone(self.second)
        with self.process:
            return self.process.stderr.read()


def test_what_was_ended_in_the_middle_is_looked_at_here(ops: Path, home: Home) -> None:
    watching = Watching(home, ops)
    os.kill(watching.second, signal.SIGKILL)
    watching.until_it_told(more_than=600)
    watching.process.send_signal(signal.SIGINT)
    complained = watching.ended()
    assert watching.process.returncode == 0, complained
    assert "was ended by signal 9; this one goes on alone" in complained
    assert complained.count("second process") == 1
    told = [json.loads(line) for line in watching.lines]
    assert {one["signal"] for one in told if one["outcome"] == "error"} == set()
    assert kept(home) == len(told) > 600


def test_an_interrupt_of_both_ends_both_and_keeps_all_that_was_told(ops: Path, home: Home) -> None:
    watching = Watching(home, ops)
    for process in (watching.second, watching.process.pid):
        os.kill(process, signal.SIGINT)
    complained = watching.ended()
    assert watching.process.returncode == 0, complained
    assert ("by two processes" in complained, "second process" in complained) == (True, False)
    assert kept(home) == len(watching.lines)


def test_nothing_stays_behind_when_this_one_is_killed(ops: Path, home: Home) -> None:
    watching = Watching(home, ops)
    watching.process.kill()
    watching.ended()
    assert kept(home) >= len(watching.lines) - 1  # the last may be cut off


CODE = """
import asyncio, os, signal, sys, time
from datetime import UTC, datetime
from tests.evidence.signals import context, signal as one
from vsmhub.evidence import lookout
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.probes.observation import Observation

own, said = os.getpid(), []
lookout.PATIENCE = lookout.WATCHED_EVERY = 0.1
def seen(**facts):
    return Observation(at=datetime.now(UTC), seconds=0.0, facts=facts)
async def look(probe, context):
    if os.getpid() == own:
        return seen(where="here")
    return await LOOK
async def main(prepared, second):
    async with second.attached():
        found = await asyncio.gather(*(one.looked(second) for one in prepared))
    print([where.facts["where"] for where in found], said)
prepared = [Prepared(one(f"s{n}", timeout="500ms"), context()) for n in range(3)]
with lookout.Lookout(prepared, look, event_loop=asyncio.new_event_loop, said=said.append) as second:
    asyncio.run(main(prepared, second))
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("alone")
"""
SAID = "the second process, which looks at targets, {}; this one goes on alone"
LOOKS = {
    "asyncio.sleep(0, seen(where='there'))": ("there", ""),
    "asyncio.sleep(0, seen(where='there', deep=lambda: 0))": ("here", ""),
    "asyncio.sleep(0, 1 // 0)": ("here", ""),
    "asyncio.sleep(60)": ("here", SAID.format("gives no answer")),
    "asyncio.sleep(0, time.sleep(60))": ("here", SAID.format("gives no answer")),
    "asyncio.sleep(0, os._exit(0))": ("here", SAID.format("has ended")),
    "asyncio.sleep(0, os.kill(os.getpid(), signal.SIGSEGV))": ("here", SAID.format("was ended by signal 11")),
}


@pytest.mark.parametrize("look", LOOKS)
def test_whatever_becomes_of_it_everything_is_looked_at(look: str) -> None:
    where, said = LOOKS[look]
    done = subprocess.run(
        [sys.executable, "-c", CODE.replace("LOOK", look)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=ROOT,
    )
    assert done.stdout.splitlines() == [f"{[where] * 3} {[said] if said else []}", "alone"], done.stderr
    assert done.stderr == ""

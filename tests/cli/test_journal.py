"""What an apply writes down of itself: killed at each line of its journal, the next one explains and finishes it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Home
from tests.cli.test_kills import NAME, Killer, check, reached, runs_of, written
from tests.faults import Moment
from tests.plan.operators import Operator

pytestmark = pytest.mark.server

# Before `done`, the target has done what the journal only announces; within a line, a part of it is written.
MOMENTS = {
    "begun": ("half", "after"),
    "planned": ("after",),
    "about": ("after",),
    "done": ("before", "after"),
    "ended": ("before", "after"),
    "recorded": ("before", "after"),
}
NEVER = Killer(0, Moment.BEFORE)


class Nursery:
    """Commands that can be killed at a line of their journal."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, *arguments: str | Path, number: int = 0, moment: str = "") -> Any:
        job = {"arguments": [str(one) for one in arguments], "number": number, "moment": moment}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def nursery(home: Home) -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.killed"],
        env=home.environment,
        cwd=home.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Nursery(process)


def lines_of(home: Home) -> list[dict[str, Any]]:
    """The entries of the newest journal."""
    file = max((home.folder / "vsmhub" / "state" / "journal").rglob("*.jsonl"))
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_killed_at_every_line_of_the_journal(operator: Operator, tmp_path: Path) -> None:
    with reached(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        first = commands.run("apply", hub, "--yes")
        assert first["code"] == 0, first
        entries = [entry["entry"] for entry in lines_of(home)]
        assert entries[:3] == ["begun", "planned", "about"]
        assert entries[-3:] == ["done", "ended", "recorded"]
        check(operator, wanted, home)
        for number, entry in enumerate(entries, 1):
            for moment in MOMENTS[entry]:
                hub, wanted = written(tmp_path)
                killed = commands.run("apply", hub, "--yes", number=number, moment=moment)
                assert killed["code"] == -9, (number, moment, killed)
                again = commands.run("apply", hub, "--yes")
                assert again["code"] == 0, (number, moment, again)
                check(operator, wanted, home)
                lines = number if moment == "after" else number - 1
                explained = f"an apply of {wanted.hub} by " in again["err"] and " was cut off " in again["err"]
                assert explained is (1 <= lines < entries.index("ended") + 1), (number, moment, again["err"])
                if moment == "before":
                    third = commands.run("apply", hub, "--yes")
                    assert (third["code"], third["err"]) == (0, ""), (number, moment, third)


def test_an_apply_that_changes_nothing_writes_nothing(operator: Operator, tmp_path: Path) -> None:
    with reached(operator, tmp_path, NEVER) as (proxy, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes")["code"] == 0
        before = proxy.requests
        assert commands.run("apply", hub)["out"].count(": no changes\n") == 1
        assert proxy.requests - before <= 10
        assert len(runs_of(home, wanted)) == 1
        (run,) = runs_of(home, wanted)
        events = [event for event in operator.operator.events() if event.metadata.get("apply") == run.name]
        (event,) = events
        assert run.plan
        assert event.metadata["planDigest"] == run.plan.digest()
        assert event.metadata["changes"] == run.counts()
        assert event.metadata["by"] == event.actor == run.begun.by
        assert (run.file.stat().st_mode & 0o777, run.file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert NAME in str(run.file)


def test_what_cannot_be_written_down_is_not_done(operator: Operator, tmp_path: Path) -> None:
    with reached(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        state = tmp_path / "vsmhub" / "state"
        state.mkdir(parents=True)
        (state / "journal").write_text("in the way")
        done = commands.run("apply", hub, "--yes")
        assert done["code"] == 1
        assert "the journal" in done["err"]
        assert "hint: nothing is done that is not written down first" in done["err"]
        assert operator.look(wanted).live.hub is None
        (state / "journal").unlink()
        assert commands.run("apply", hub, "--yes")["code"] == 0
        # A journal that says something else is not passed over: what was done by it is not known.
        (run,) = runs_of(home, wanted)
        damaged = run.file.read_text().replace('"about"', '"above"', 1)
        run.file.write_text(damaged)
        assert commands.run("apply", hub)["code"] == 0  # its end says that nothing is left to be said
        for arguments in (("drift",), ("apply", "--undo", "--yes"), ("apply", "--yes")):
            run.file.write_text(damaged if "--undo" in arguments else damaged.replace('"ended"', '"over"', 1))
            done = commands.run(*arguments, hub)
            assert done["code"] == 1, done
            assert f"{run.file}:3: the journal does not say what vsmhub writes" in done["err"]


def test_a_lock_says_whose_it_is(operator: Operator, tmp_path: Path) -> None:
    with reached(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes", number=6, moment="after")["code"] == -9
        lock = home.folder / "vsmhub" / "state" / "locks" / f"{NAME}.{wanted.hub}.lock"
        left = json.loads(lock.read_text())
        assert set(left) == {"command", "by", "pid", "since"}
        done = commands.run("apply", hub, "--yes")
        assert done["code"] == 0
        assert f"was killed (apply by {left['by']}, process {left['pid']}, since {left['since']})" in done["err"]
        assert lock.read_text() == ""

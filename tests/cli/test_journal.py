"""What an apply writes down of itself: killed at each line of its journal, the next one explains and finishes it."""

import json
from pathlib import Path

import pytest

from tests.cli.killing import NEVER, check, exposed, runs_of, written
from tests.cli.nursery import MOMENTS, lines_of, nursery
from tests.cli.reaching import NAME
from tests.plan.operators import Operator

pytestmark = pytest.mark.server


def test_killed_at_every_line_of_the_journal(operator: Operator, tmp_path: Path) -> None:
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
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
    with exposed(operator, tmp_path, NEVER) as (proxy, home), nursery(home) as commands:
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
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
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
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes", number=6, moment="after")["code"] == -9
        lock = home.folder / "vsmhub" / "state" / "locks" / f"{NAME}.{wanted.hub}.lock"
        left = json.loads(lock.read_text())
        assert set(left) == {"command", "by", "pid", "since"}
        done = commands.run("apply", hub, "--yes")
        assert done["code"] == 0
        assert f"was killed (apply by {left['by']}, process {left['pid']}, since {left['since']})" in done["err"]
        assert lock.read_text() == ""

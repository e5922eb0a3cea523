"""Many files change as one: all or none, whatever ends the process in between."""

import hashlib
import json
import multiprocessing
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from vsmhub.files import FileError
from vsmhub.render import exchange as module
from vsmhub.render.exchange import FOLDER, alone, exchange, recover
from vsmhub.render.tree import File

CHANGES = {
    "changed": File(content=b"new"),
    "gone": None,
    "deep/gone": None,
    "added/deep": File(content=b"added", executable=True),
    "run": File(content=b"ran", executable=True),
}
BEFORE = {"changed": b"old", "gone": b"going", "deep/gone": b"going", "run": b"run", "other": b"other"}
AFTER = {"changed": b"new", "added/deep": b"added", "run": b"ran", "other": b"other"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in BEFORE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "changed").chmod(0o640)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_all_change(root: Path) -> None:
    exchange(root, CHANGES)
    assert contents(root) == AFTER
    assert not (root / "deep").exists()
    modes = {name: stat.S_IMODE((root / name).stat().st_mode) for name in ("changed", "run")}
    assert modes == {"changed": 0o640, "run": 0o755}
    assert os.access(root / "added/deep", os.X_OK)
    assert recover(root) is False


def test_a_failure_undoes_what_was_done(root: Path) -> None:
    (root / "blocked").write_bytes(b"a file where a folder would be")
    with pytest.raises(FileError, match="cannot be updated") as failed:
        exchange(root, {**CHANGES, "blocked/file": File(content=b"x")})
    assert failed.value.hint == "its files are as they were"
    assert contents(root) == {**BEFORE, "blocked": b"a file where a folder would be"}


def test_nothing_is_written_outside(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "link").symlink_to(outside)
    for name in ("../outside", "link/file"):
        with pytest.raises(FileError, match="lies outside"):
            exchange(root, {**CHANGES, name: File(content=b"x")})
    assert contents(root) == BEFORE
    assert list(outside.iterdir()) == []


def _struck_at(root: Path, calls: int, number: signal.Signals) -> None:
    """Run an exchange that a signal strikes at its nth call into the operating system that makes or removes a file."""
    left = calls
    kinds = {"open", "os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.chmod", "os.truncate"}

    def audit(event: str, arguments: object) -> None:
        nonlocal left
        if event in kinds and str(root) in str(arguments):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), number)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.addaudithook(audit)
    try:
        exchange(root, CHANGES)
    except KeyboardInterrupt:
        os._exit(130)


def test_interrupted_anywhere_it_is_all_or_none_and_nothing_lies_about(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for calls in range(1, 1000):
        root = tmp_path / str(calls)
        for name, content in BEFORE.items():
            (root / name).parent.mkdir(exist_ok=True, parents=True)
            (root / name).write_bytes(content)
        process = context.Process(target=_struck_at, args=(root, calls, signal.SIGINT))
        process.start()
        process.join()
        assert contents(root) in (BEFORE, AFTER), f"interrupted at call {calls}"
        assert not (root / FOLDER).exists(), f"interrupted at call {calls}"
        if process.exitcode == 0:
            break
    assert calls > 20


def test_killed_anywhere_it_is_all_or_none(tmp_path: Path) -> None:
    """Each call that touches a file is a place to die at; the next one to come finds the old files or the new ones."""
    context = multiprocessing.get_context("fork")
    outcomes = []
    for calls in range(1, 1000):
        root = tmp_path / str(calls)
        for name, content in BEFORE.items():
            (root / name).parent.mkdir(exist_ok=True, parents=True)
            (root / name).write_bytes(content)
        process = context.Process(target=_struck_at, args=(root, calls, signal.SIGKILL))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        recover(root)
        found = contents(root)
        assert found in (BEFORE, AFTER), f"killed at call {calls}"
        outcomes.append(found == AFTER)
        # And the update that was killed can be run again.
        exchange(root, CHANGES if found == BEFORE else {})
        assert contents(root) == AFTER
    assert len(outcomes) > 20
    assert not outcomes[0]
    assert outcomes == sorted(outcomes), "once done, always done"


def test_what_somebody_changed_after_a_kill_stays(root: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_dies_before_it_is_done, args=(root,))
    process.start()
    process.join()
    assert contents(root)["changed"] == b"new"
    (root / "changed").write_bytes(b"mine")
    assert recover(root) is True
    assert contents(root) == {**BEFORE, "changed": b"mine"}


def _dies_before_it_is_done(root: Path) -> None:
    def die(staging: Path) -> None:
        os._exit(1)

    module._done = die
    exchange(root, CHANGES)


def test_two_at_once(root: Path) -> None:
    with alone(root) as first, alone(root) as second:
        assert (first, second) == (True, False)
    with alone(root) as again:
        assert again


def test_leftovers_of_an_exchange_that_had_not_begun_go_away(root: Path) -> None:
    (root / FOLDER).mkdir()
    (root / FOLDER / "0.new").write_bytes(b"half")
    assert recover(root) is False
    assert contents(root) == BEFORE


@pytest.mark.parametrize("journal", ["", "[{}]", "[1]", "\x00"])
def test_a_journal_that_somebody_damaged(journal: str, root: Path) -> None:
    (root / FOLDER).mkdir()
    (root / FOLDER / "journal.json").write_text(journal)
    with pytest.raises(FileError, match="is damaged"):
        recover(root)
    assert {name: content for name, content in contents(root).items() if not name.startswith(FOLDER)} == BEFORE


def test_a_journal_leads_nowhere_else(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "file"
    outside.write_bytes(b"mine")
    (root / FOLDER).mkdir()
    digest = hashlib.sha256(b"mine").hexdigest()
    entry = {"path": os.path.relpath(outside, root), "old": None, "new": digest}
    (root / FOLDER / "journal.json").write_text(json.dumps([entry]))
    with pytest.raises(FileError, match="lies outside"):
        recover(root)
    assert outside.read_bytes() == b"mine"

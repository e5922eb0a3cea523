"""Programs that fail, hang, lie or talk too much."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.secrets.records import HERE, KEY, RECORD
from vsmhub.secrets.command import Commands, CommandStore
from vsmhub.secrets.errors import BadSecret, ReadOnly, SecretError, StoreFailed
from vsmhub.secrets.record import KeyRecord
from vsmhub.secrets.secret import Secret

MISSING = ("false",)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, "{target}", "{name}")


def test_a_secret_alone_will_do_and_is_trimmed() -> None:
    found = CommandStore(Commands(read=python(f"print(); print('  {KEY} \\n')"))).get(HERE)
    assert found == KeyRecord(Secret(KEY))


def test_arguments_reach_the_program_as_they_are() -> None:
    read = ("printf", "%s", "{target}:{name};$(echo no) > * `id` {target}")
    found = CommandStore(Commands(read=read)).get(HERE)
    assert found == KeyRecord(Secret("local:ops-hub;$(echo no) > * `id` local"))


FAILING = {
    "another status": (python("import sys; sys.exit(2)"), "ended with status 2"),
    "a reason": (python("import sys; sys.exit('\\x1b[31mlocked\\n')  # 1"), ""),
    "a status of missing with an answer": (python(f"print('{KEY}'); exit(1)"), "ended with status 1"),
    "a signal": (python("import os; os.kill(os.getpid(), 9)"), "was killed by signal 9"),
    "no such program": (("/nonexistent/pass", "show"), "cannot be run: No such file or directory"),
    "not a program": ((str(Path(__file__)),), "cannot be run: Permission denied"),
}


@pytest.mark.parametrize(("read", "text"), FAILING.values(), ids=FAILING)
def test_a_failure_is_not_an_absence(read: tuple[str, ...], text: str) -> None:
    store = CommandStore(Commands(read=read, missing=frozenset({1}) if text else frozenset()))
    with pytest.raises(StoreFailed) as caught:
        store.get(HERE)
    assert text in caught.value.message
    assert KEY not in caught.value.message
    assert caught.value.message.isprintable()


def test_which_statuses_mean_absence_can_be_said() -> None:
    read = python("exit(44)")
    assert CommandStore(Commands(read=read, missing=frozenset({44}))).get(HERE) is None
    with pytest.raises(StoreFailed):
        CommandStore(Commands(read=read)).get(HERE)


def test_the_reason_is_shown_and_the_secret_is_not() -> None:
    write = python("import json, sys; sys.exit('cannot keep ' + json.loads(sys.stdin.read())['secret'] + ': no space')")
    with pytest.raises(StoreFailed, match=r"ended with status 1: cannot keep \[hidden\]: no space"):
        CommandStore(Commands(read=MISSING, write=write)).put(HERE, RECORD)


def test_what_holds_no_key_is_told_without_its_content() -> None:
    with pytest.raises(BadSecret) as caught:
        CommandStore(Commands(read=("printf", "two\\nlines"))).get(HERE)
    assert "lines" not in caught.value.message.replace("two\\nlines", "")


def test_a_program_that_keeps_nothing_is_noticed() -> None:
    with pytest.raises(StoreFailed, match="ended well, yet") as caught:
        CommandStore(Commands(read=MISSING, write=("true",))).put(HERE, RECORD)
    assert caught.value.hint


def test_a_program_that_hangs_is_left_alone_after_a_while() -> None:
    # The child that it leaves behind holds the pipes open.
    read = ("sh", "-c", "sleep 20 & sleep 20")
    started = time.monotonic()
    with pytest.raises(StoreFailed, match=r"did not end within 0\.3 s") as caught:
        CommandStore(Commands(read=read, timeout=0.3)).get(HERE)
    assert caught.value.hint.startswith("Run it by hand")
    assert time.monotonic() - started < 10


def test_without_a_command_to_read_with_there_is_no_store() -> None:
    with pytest.raises(SecretError, match="no command to read with"):
        CommandStore(Commands(read=()))


def test_a_deletion_that_fails_is_told() -> None:
    store = CommandStore(Commands(read=("echo", "kept"), delete=python("exit('no, never')")))
    with pytest.raises(StoreFailed, match="ended with status 1: no, never"):
        store.delete(HERE)


def test_an_interrupted_program_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    def interrupted(self: subprocess.Popen[str], *_: object, **__: object) -> None:
        started.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        CommandStore(Commands(read=("sleep", "20"))).get(HERE)
    assert started[0].returncode == -9


def test_without_commands_to_write_it_is_read_only() -> None:
    store = CommandStore(Commands(read=MISSING))
    assert not store.writable
    for action in (store.prepare, store.delete, lambda place: store.put(place, RECORD)):
        with pytest.raises(ReadOnly, match="has no command to"):
            action(HERE)


def test_preparing_shows_that_the_program_is_there() -> None:
    with pytest.raises(StoreFailed, match="cannot be run"):
        CommandStore(Commands(read=("/nonexistent",), write=("true",))).prepare(HERE)


@pytest.mark.parametrize("argument", ["{hub}", "x{0}", "{}", "{target.__class__}"])
def test_a_placeholder_that_is_not_known_is_told(argument: str) -> None:
    with pytest.raises(SecretError, match="a placeholder that is not known"):
        CommandStore(Commands(read=("cat", argument)))

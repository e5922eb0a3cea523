"""Work done by a second process: what comes of it is the same whatever happens, and nothing stays behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import json, os, signal, sys
from vsmhub.cli import second_process as module
from vsmhub.cli.second_process import second_process
from vsmhub.errors import VsmhubError
own = os.getpid()
def nothing():
    pass
def killed(*_):
    if where() == "beside":
        os.kill(os.getpid(), signal.SIGKILL)
def where():
    return "beside" if os.getpid() != own else "here"
def made(what):
    return [f"{what} made {where()}", "zwei\\n", "\\u0000\\U0001f409" * 100_000, what]
def dying(what):
    killed()
    return made(what)
def raising():
    raise VsmhubError(f"not made {where()}")
def ending():
    sys.exit(0)
def sleeping():
    signal.pause()
"""
FORKS = "module.can_fork = lambda: True\n"


def said(code: str) -> object:
    done = subprocess.run([sys.executable, "-c", CODE + code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("prepare", "call", "setting", "where"),
    [
        ("nothing", "made", FORKS, "beside"),
        ("nothing", "made", "module.can_fork = lambda: False\n", "here"),
        ("nothing", "made", FORKS + "def none(): raise BlockingIOError\nmodule.os.fork = none\n", "here"),
        ("nothing", "dying", FORKS, "here"),
        ("killed", "made", FORKS, "here"),
        ("raising", "made", FORKS, "here"),
    ],
)
def test_what_comes_of_it_is_the_same_wherever_it_is_done(prepare: str, call: str, setting: str, where: str) -> None:
    code = f"""{setting}
with second_process({prepare}) as other:
    large = "x" * 1_000_000  # more than a pipe takes: neither waits for the other to read
    one, two = other.ask({call}, large), other.ask({call}, "two")
    print(json.dumps([one(), two()]))
"""
    end = ["zwei\n", "\0\U0001f409" * 100_000]
    large = "x" * 1_000_000
    assert said(code) == [[f"{large} made {where}", *end, large], [f"two made {where}", *end, "two"]]


@pytest.mark.parametrize("call", ["raising", "ending"])
def test_what_is_raised_is_raised_here(call: str) -> None:
    code = f"""{FORKS}
try:
    with second_process(nothing) as other: other.ask({call})()
except VsmhubError as error:
    print(json.dumps(error.message))
except SystemExit:
    print(json.dumps("ended"))
"""
    assert said(code) == {"raising": "not made here", "ending": "ended"}[call]


def test_nobody_waits_for_what_was_not_asked_for() -> None:
    code = f"""{FORKS}
before = len(os.listdir("/proc/self/fd"))
with second_process(sleeping): pass
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print(json.dumps(len(os.listdir("/proc/self/fd")) - before))
"""
    assert said(code) == 0


def test_what_was_asked_for_is_done_also_when_nobody_waits(tmp_path: Path) -> None:
    done = tmp_path / "done"
    code = f"""{FORKS}
import time
def slowly():
    time.sleep(0.3)
    open({str(done)!r}, "w").close()
try:
    with second_process(nothing) as other:
        other.ask(slowly)
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print(json.dumps(os.path.exists({str(done)!r})))
"""
    assert said(code) is True


def test_a_process_with_threads_does_it_itself() -> None:
    code = """
import threading
done = threading.Event()
threading.Thread(target=done.wait).start()
with second_process(nothing) as other: print(json.dumps(other.ask(made, "it")()[0]))
done.set()
"""
    assert said(code) == "it made here"


def test_it_ends_when_the_first_is_killed(tmp_path: Path) -> None:
    # Both hold the pipe: it ends when neither of them is there any more.
    reading, writing = os.pipe()
    code = f"""{CODE}{FORKS}
with second_process(nothing) as other:
    other.ask(where)()
    os.kill(own, signal.SIGKILL)
"""
    try:
        with subprocess.Popen([sys.executable, "-c", code], pass_fds=[writing]) as first:
            os.close(writing)
            first.wait(60)
        assert os.read(reading, 1) == b""
    finally:
        os.close(reading)

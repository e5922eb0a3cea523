"""Texts made beside: the same whatever happens, and nothing stays behind."""

import json
import subprocess
import sys

import pytest

CODE = """
import json, os, signal, sys
from vsmhub.cli import meanwhile
from vsmhub.errors import VsmhubError
own = os.getpid()
def made():
    return [f"made {beside()}", "zwei\\n", "\\u0000\\U0001f409" * 100_000]
def beside():
    return "beside" if os.getpid() != own else "here"
def killed():
    if beside() == "beside":
        os.kill(os.getpid(), signal.SIGKILL)
    return made()
def raising():
    raise VsmhubError(f"not made {beside()}")
def ending():
    sys.exit(0)
def sleeping():
    signal.pause()
"""


def said(code: str) -> object:
    done = subprocess.run([sys.executable, "-c", CODE + code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("make", "setting", "where"),
    [
        ("made", "meanwhile._can_fork = lambda: True", "beside"),
        ("made", "meanwhile._can_fork = lambda: False", "here"),
        ("killed", "meanwhile._can_fork = lambda: True", "here"),
    ],
)
def test_texts_are_the_same_wherever_they_are_made(make: str, setting: str, where: str) -> None:
    code = f"{setting}\nwith meanwhile.meanwhile({make}) as texts: print(json.dumps(texts()))"
    assert said(code) == [f"made {where}", "zwei\n", "\0\U0001f409" * 100_000]


@pytest.mark.parametrize("make", ["raising", "ending"])
def test_what_is_raised_is_raised_here(make: str) -> None:
    code = f"""
meanwhile._can_fork = lambda: True
try:
    with meanwhile.meanwhile({make}) as texts: texts()
except VsmhubError as error:
    print(json.dumps(error.message))
except SystemExit:
    print(json.dumps("ended"))
"""
    assert said(code) == {"raising": "not made here", "ending": "ended"}[make]


def test_nobody_waits_for_what_is_not_asked_for() -> None:
    code = """
meanwhile._can_fork = lambda: True
print(json.dumps("before"))
try:
    with meanwhile.meanwhile(sleeping): raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    pass
"""
    assert said(code) == "before"


def test_a_process_with_threads_makes_them_itself() -> None:
    code = """
import threading
done = threading.Event()
threading.Thread(target=done.wait).start()
with meanwhile.meanwhile(made) as texts: print(json.dumps(texts()[0]))
done.set()
"""
    assert said(code) == "made here"

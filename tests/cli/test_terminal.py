"""What a person at a terminal sees: progress while it lasts, a question, and an answer that is heeded."""

import contextlib
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import Home
from tests.faults import Fault, faulty
from tests.plan.operators import Operator, fresh_spec

pytestmark = pytest.mark.server
BAR = re.compile(r"\d+/\d+")
QUESTION = "Apply these changes? [y/N]: "


def at_terminal(home: Home, *arguments: str, answer: str = "") -> tuple[int, str]:
    """Exit code, and all that a terminal got to show; `answer` is typed when the question comes."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "vsmhub", *arguments]
    environment = {**home.environment, "TERM": "xterm-256color", "COLUMNS": "120"}
    process = subprocess.Popen(
        words, env=environment, cwd=home.folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how the end looks
        while select.select([ours], [], [], 60)[0] and (piece := os.read(ours, 65536)):
            shown += piece
            if answer and QUESTION.encode() in shown:
                os.write(ours, answer.encode())
                answer = ""
    os.close(ours)
    return process.wait(60), shown.decode()


@pytest.fixture
def home(operator: Operator, tmp_path: Path) -> Iterator[Home]:
    """A home with a hub, and with a target that takes its time."""
    (tmp_path / "hub.yaml").write_text(json.dumps(fresh_spec().model_dump(mode="json", exclude_none=True)))

    def late(_number: int, method: str, _path: str) -> Fault:
        return Fault.DELAY if method == "POST" else Fault.NONE

    with faulty(operator.socket, late) as proxy:
        variables = {"IHUB_OPERATOR_KEY": operator.operator_key.reveal(), "IHUB_BASE": proxy.base}
        yield Home(tmp_path, variables)


def test_a_person_says_no_and_then_yes(home: Home) -> None:
    code, shown = at_terminal(home, "apply", "hub.yaml", answer="n\n")
    assert code == 1
    assert "\x1b[32m" in shown
    assert "stopped, as you said" in shown
    assert not BAR.search(shown.partition(QUESTION)[2])
    code, shown = at_terminal(home, "apply", "hub.yaml", answer="y\n")
    assert code == 0, shown
    assert BAR.search(shown.partition(QUESTION)[2])
    assert "planned again: no changes" in shown
    code, shown = at_terminal(home, "apply", "hub.yaml")
    assert code == 0
    assert ": no changes" in shown
    assert QUESTION not in shown


def test_ctrl_c_at_the_question(home: Home) -> None:
    code, shown = at_terminal(home, "apply", "hub.yaml", answer="\x04")
    assert code == 130
    assert "interrupted; the next run continues from here" in shown


def test_no_progress_elsewhere(home: Home) -> None:
    done = home.run("apply", "hub.yaml", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    assert not BAR.search(done.out)

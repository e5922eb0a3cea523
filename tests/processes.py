"""The second process of a command: its number, and whether it has ended."""

import contextlib
import subprocess
import time
from pathlib import Path


def second(process: "subprocess.Popen[str]") -> int:
    """The number of the second process, as soon as there is one; 0 when there is none to the end."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None:
        with contextlib.suppress(OSError):  # the command may end between the two
            if found := children.read_text().split():
                return int(found[0])
        time.sleep(0.002)
    return 0


def gone(number: int) -> bool:
    """Whether a process ends within a few seconds; one whose parent has died may be nobody's to bury."""
    for _ in range(200):
        try:
            if " Z " in Path(f"/proc/{number}/stat").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False

"""What `make test` installs: packages whose programs are missing, by root on Debian alone, and no service with them."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("system-packages")


def installed(folder: Path, *pairs: str, user: int = 0, fails: str = "-", also: str = ":") -> tuple[str, list[str]]:
    """What is said, and what apt-get is asked to install; the real one is not reached."""
    programs = {
        "id": f"echo {user}",
        "apt-get": f'for last; do :; done; echo "$1 $last" >>{folder}/asked; {also}; [ "$last" != {fails} ]',
        "systemctl": "exit 1",
        "there": "",
    }
    for name, does in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "POLICY": str(folder / "policy-rc.d")}
    done = subprocess.run([SCRIPT, *pairs], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert not (folder / "policy-rc.d").exists()
    asked = (folder / "asked").read_text().splitlines() if (folder / "asked").exists() else []
    return done.stdout + done.stderr, [line.split()[1] for line in asked if line.startswith("install")]


def test_only_what_is_missing_is_installed(tmp_path: Path) -> None:
    said, asked = installed(tmp_path, "there=a", "not-there=b", "neither=c", fails="b")
    assert asked == ["b", "c"]
    assert "b could not be installed; what needs it is left out" in said
    assert installed(tmp_path, "there=a")[0] == ""


@pytest.mark.parametrize("user", [1, 1000])
def test_others_than_root_are_told_what_to_install(tmp_path: Path, user: int) -> None:
    said, asked = installed(tmp_path, "not-there=b", user=user)
    assert asked == []
    assert "apt-get install b" in said


def test_nothing_is_started_while_it_is_installed(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    installed(tmp_path, "not-there=b", also=f"[ $1 = update ] || cp {tmp_path}/policy-rc.d {seen}")
    assert subprocess.run([seen], check=False).returncode == 101  # "do not", to what Debian asks before it starts one

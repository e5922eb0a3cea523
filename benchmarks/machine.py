"""What the figures depend on: the machine and the versions of what was measured."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

import vsmhub
from vsmhub.server.errors import PostgresMissing
from vsmhub.server.postgres import installation


def facts() -> dict[str, str]:
    """By name, in the order to show them."""
    return {
        "machine": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "Python": platform.python_version(),
        "vsmhub": vsmhub.__version__ + (f" ({commit})" if (commit := _commit()) else ""),
        "PostgreSQL": _postgresql(),
        "terraform": version("terraform", "version"),
        "copier": version("copier", "--version"),
        "blackbox-exporter": _package("prometheus-blackbox-exporter"),
    }


def version(program: str, option: str) -> str:
    """What a program says of its version, or that it is not installed."""
    path = program_path(program)
    if path is None:
        return "not installed"
    lines = _said([str(path), option]).splitlines()
    return lines[0].removeprefix(program).removeprefix(program.capitalize()).strip(" v") if lines else "unknown"


def program_path(program: str) -> Path | None:
    """Where a program is: beside this Python, or on the PATH."""
    import sys

    beside = Path(sys.executable).with_name(program)
    found = shutil.which(program)
    if found is None and Path("/usr/sbin", program).exists():  # where only root's PATH leads
        return Path("/usr/sbin", program)
    return beside if beside.exists() else Path(found) if found else None


def _package(name: str) -> str:
    return _said(["dpkg-query", "--show", "--showformat=${Version}", name]) or "not installed"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _commit() -> str:
    return _said(["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]).strip()


def _postgresql() -> str:
    try:
        return _said([str(installation.find(None).postgres), "--version"]).removeprefix("postgres (PostgreSQL)").strip()
    except PostgresMissing:
        return "not installed"


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""

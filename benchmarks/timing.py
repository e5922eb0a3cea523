"""Whole processes timed in turn: A B A B …, so that what else the machine does falls on both."""

import functools
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LAST_LINES = 15


class BenchmarkError(Exception):
    """A command that is measured failed, so that its time says nothing."""


def nothing() -> None:
    """What has to be done before a command that needs nothing done."""


@dataclass(frozen=True)
class Command:
    """A command line; `prepare` runs before each time and `finish` after it, neither of them timed."""

    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    prepare: Callable[[], object] = nothing
    finish: Callable[[], object] = nothing
    codes: Sequence[int] = (0,)


@dataclass(frozen=True)
class Series:
    """The times that a command took, in seconds, in the order of taking."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """In seconds."""
        return statistics.median(self.seconds)


def in_turn(commands: Mapping[str, Command], *, times: int, warm: int = 0) -> dict[str, Series]:
    """Run each command `times` times, one after the other, after `warm` rounds that do not count.

    BenchmarkError when one ends with a code that it should not.
    """
    measured = {name: functools.partial(timed, command) for name, command in commands.items()}
    return measured_in_turn(measured, times=times, warm=warm)


def measured_in_turn(measured: Mapping[str, Callable[[], float]], *, times: int, warm: int = 0) -> dict[str, Series]:
    """The same of what says itself how many seconds it took."""
    taken: dict[str, list[float]] = {name: [] for name in measured}
    for turn in range(warm + times):
        for name, seconds in measured.items():
            found = seconds()
            if turn >= warm:
                taken[name].append(found)
    return {name: Series(name, tuple(found)) for name, found in taken.items()}


def timed(command: Command) -> float:
    """Run a command once; the seconds from its start to its end."""
    command.prepare()
    try:
        begin = time.perf_counter()
        done = subprocess.run(
            command.arguments,
            env={**_environment(), **command.environment},
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        seconds = time.perf_counter() - begin
    finally:
        command.finish()
    if done.returncode not in command.codes:
        said = "\n".join(done.stdout.decode(errors="replace").splitlines()[-LAST_LINES:])
        raise BenchmarkError(f"{' '.join(command.arguments)} ended with {done.returncode}:\n{said}")
    return seconds


def _environment() -> dict[str, str]:
    """This process's, but that Python keeps what it compiles, as an installation does: else only ours would compile."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

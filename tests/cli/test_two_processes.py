"""`vsmhub generate` by two processes: the same artifacts as by one, also when one is killed or both are interrupted."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import gone, second

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Moment:
    """When something strikes: so long after the second process was there, and once that share of it all is written."""

    seconds: float = 0.0
    written: float = 0.0

    def wait(self, folder: Path, running: "subprocess.Popen[str]", whole: int, by_hand: int) -> None:
        """Until it has come, or the command is done."""
        time.sleep(self.seconds)
        while running.poll() is None and count(folder) - by_hand < self.written * (whole - by_hand):
            time.sleep(0.001)


MOMENTS = [Moment(), Moment(seconds=0.2), Moment(written=0.05), Moment(written=0.6)]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="there is no second process here"
)


@pytest.fixture(scope="module")
def by_one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process makes of the seven hubs."""
    folder = constellation(tmp_path_factory.mktemp("one"))
    alone = min(os.sched_getaffinity(0))
    subprocess.run(
        command(folder),
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {alone}),
    )
    return files(folder)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return constellation(tmp_path)


def constellation(folder: Path) -> Path:
    """The seven hubs as they are written by hand, without artifacts."""
    for hub in (REPOSITORY / "hubs").glob("*/hub.yaml"):
        shutil.copytree(hub.parent, folder / "hubs" / hub.parent.name, ignore=lambda *_: {"generated", "client"})
    return folder


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "vsmhub", "generate", str(folder / "hubs")]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def count(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


@contextlib.contextmanager
def generating(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The command in a process group of its own, and the number of its second process."""
    with subprocess.Popen(
        command(folder),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as first:
        other = second(first)
        assert other, "there was no second process"
        yield first, other


def test_two_make_what_one_makes(here: Path, by_one: dict[str, bytes]) -> None:
    with generating(here) as (first, _):
        said, complaints = first.communicate(timeout=60)
    assert (first.returncode, complaints) == (0, "")
    assert len([line for line in said.splitlines() if "artifacts" in line]) == len(list(here.glob("hubs/*")))
    assert files(here) == by_one


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_the_first_does_all_when_the_second_is_killed(here: Path, by_one: dict[str, bytes], moment: Moment) -> None:
    by_hand = count(here)
    with generating(here) as (first, other):
        moment.wait(here, first, len(by_one), by_hand)
        with contextlib.suppress(ProcessLookupError):
            os.kill(other, signal.SIGKILL)
        _, complaints = first.communicate(timeout=60)
    assert (first.returncode, complaints) == (0, "")
    # What a killed process was writing lies beside what it should have become; an hour later it is cleared away.
    left = {name: content for name, content in files(here).items() if not name.endswith(".tmp")}
    assert left == by_one


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_an_interrupt_leaves_nothing_half_written(here: Path, by_one: dict[str, bytes], moment: Moment) -> None:
    by_hand = count(here)
    with generating(here) as (first, other):
        moment.wait(here, first, len(by_one), by_hand)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGINT)
        _, complaints = first.communicate(timeout=60)
    # Python ends by the signal itself where it came at the very end, or while something was imported.
    assert first.returncode in {0, 130, -signal.SIGINT}
    assert complaints == "" or (complaints.startswith("error: interrupted") and len(complaints.splitlines()) == 1)
    assert gone(other)
    written = files(here)
    assert written == {name: by_one[name] for name in written}
    subprocess.run(command(here), cwd=REPOSITORY, check=True, capture_output=True)
    assert files(here) == by_one

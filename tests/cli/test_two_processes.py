"""`vsmhub generate` by two processes: the same artifacts as by one, also when one is killed or both are interrupted."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
MOMENTS = [0.0, 0.15, 0.3, 0.45]
"""Seconds after the second process was there; seven hubs take some 0.4."""

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


@contextlib.contextmanager
def generating(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[[], int]]]:
    """The command in a process group of its own, and what waits for its second process."""
    with subprocess.Popen(
        command(folder),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as first:

        def second() -> int:
            children = Path(f"/proc/{first.pid}/task/{first.pid}/children")
            while first.poll() is None:
                with contextlib.suppress(OSError):
                    if found := children.read_text().split():
                        return int(found[0])
            raise AssertionError("there was no second process")

        yield first, second


def test_two_make_what_one_makes(here: Path, by_one: dict[str, bytes]) -> None:
    with generating(here) as (first, second):
        second()
        said, complaints = first.communicate(timeout=60)
    assert (first.returncode, complaints) == (0, "")
    assert len([line for line in said.splitlines() if "artifacts" in line]) == len(list(here.glob("hubs/*")))
    assert files(here) == by_one


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_first_does_all_when_the_second_is_killed(here: Path, by_one: dict[str, bytes], moment: float) -> None:
    with generating(here) as (first, second):
        other = second()
        time.sleep(moment)
        with contextlib.suppress(ProcessLookupError):
            os.kill(other, signal.SIGKILL)
        _, complaints = first.communicate(timeout=60)
    assert (first.returncode, complaints) == (0, "")
    # What a killed process was writing lies beside what it should have become; an hour later it is cleared away.
    left = {name: content for name, content in files(here).items() if not name.endswith(".tmp")}
    assert left == by_one


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupt_leaves_nothing_half_written(here: Path, by_one: dict[str, bytes], moment: float) -> None:
    with generating(here) as (first, second):
        other = second()
        time.sleep(moment)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGINT)
        _, complaints = first.communicate(timeout=60)
    # Python ends by the signal itself where it came at the very end, or while something was imported.
    assert first.returncode in {0, 130, -signal.SIGINT}
    assert complaints == "" or (complaints.startswith("error: interrupted") and len(complaints.splitlines()) == 1)
    assert not Path(f"/proc/{other}").exists()
    written = files(here)
    assert written == {name: by_one[name] for name in written}
    subprocess.run(command(here), cwd=REPOSITORY, check=True, capture_output=True)
    assert files(here) == by_one

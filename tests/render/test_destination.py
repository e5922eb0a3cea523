"""A scaffold appears whole, or what was there stays as it was."""

import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from vsmhub.files import FileError
from vsmhub.render.destination import place
from vsmhub.render.errors import DestinationTaken
from vsmhub.render.tree import File

TREE = {"a.txt": File(content=b"a\n"), "b/run": File(content=b"#!/bin/sh\n", executable=True)}


def listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_it_is_there_with_folders_above_it(tmp_path: Path) -> None:
    place(TREE, tmp_path / "x" / "y" / "hub")
    assert listing(tmp_path) == ["x", "x/y", "x/y/hub", "x/y/hub/a.txt", "x/y/hub/b", "x/y/hub/b/run"]
    assert (tmp_path / "x/y/hub/a.txt").read_bytes() == b"a\n"


def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        place(TREE, tmp_path / "hub")
    finally:
        os.umask(umask)
    modes = {name: (tmp_path / "hub" / name).stat().st_mode & 0o777 for name in ("", "a.txt", "b/run")}
    assert modes == {"": 0o750, "a.txt": 0o640, "b/run": 0o750}


@pytest.fixture(params=["folder", "empty folder", "file", "link", "dangling link"])
def taken(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "hub"
    match request.param:
        case "folder":
            path.mkdir()
            (path / "mine").write_text("mine")
        case "empty folder":
            path.mkdir()
        case "file":
            path.write_text("mine")
        case "link":
            path.symlink_to(tmp_path)
        case _:
            path.symlink_to("nowhere")
    return path


def test_what_is_there_stays(taken: Path) -> None:
    before = listing(taken.parent)
    with pytest.raises(DestinationTaken, match="is there already"):
        place(TREE, taken)
    assert listing(taken.parent) == before


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DestinationTaken, match="file is no folder"):
        place(TREE, tmp_path / "file" / "hub")
    assert listing(tmp_path) == ["file"]


def test_a_path_that_leads_out(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="lies outside"):
        place({"../outside": File(content=b"")}, tmp_path / "here" / "hub")
    assert listing(tmp_path) == []


def test_a_read_only_folder(folder: Path, unprivileged: Callable[[], AbstractContextManager[None]]) -> None:
    place(TREE, folder / "before")
    folder.chmod(0o555)
    with unprivileged(), pytest.raises(FileError, match="Permission denied"):
        place(TREE, folder / "new" / "hub")
    assert listing(folder) == ["before", "before/a.txt", "before/b", "before/b/run"]


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: the kernel fails the write in the same place."""
    tree = {**TREE, "c": File(content=b"x" * 100_000)}
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, old[1]))
        with pytest.raises(FileError, match="File too large"):
            place(tree, tmp_path / "new" / "hub")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_no_destination(how: signal.Signals, tmp_path: Path) -> None:
    """Thousands of files, so that the signal comes in their middle; SIGKILL can leave the hidden folder beside it."""
    program = """
        from pathlib import Path
        from vsmhub.render.destination import place
        from vsmhub.render.tree import File
        place({f"{n}": File(content=b"x") for n in range(200_000)}, Path("new/hub"))
    """
    root = Path(__file__).parent.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        stderr=subprocess.DEVNULL,
    )
    while not list(tmp_path.glob("new/.hub.*/9")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(how)
    assert process.wait() != 0
    assert not (tmp_path / "new" / "hub").exists()
    if how == signal.SIGINT:
        assert listing(tmp_path) == []

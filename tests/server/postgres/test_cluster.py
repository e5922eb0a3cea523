"""The files of the embedded PostgreSQL: made whole, whatever strikes, and not used where they cannot be."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.server.postgres.using import Client, as_root, ask, modes, serving
from vsmhub.server.errors import DataUnusable, DiskFull, PostgresError
from vsmhub.server.postgres import embedded


@pytest.mark.parametrize("after", [0.05, 0.15, 0.3, 0.45])
def test_killed_while_it_is_made(folder: Path, after: float) -> None:
    data = folder / "data"
    client = Client(data, wait=False)
    time.sleep(after)
    client.end(signal.SIGKILL)
    with embedded.running(data) as dsn:
        assert ask(dsn) == 1
    deadline = time.monotonic() + 30
    while list(data.glob("new-*")) and time.monotonic() < deadline:
        time.sleep(0.5)  # an `initdb` that lost its parent still writes into what was removed
        with embedded.running(data):
            pass
    assert not list(data.glob("new-*"))
    assert not serving(data)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda cluster: (cluster / "PG_VERSION").write_text("16\n"), "was made by PostgreSQL 16"),
        (lambda cluster: (cluster / "PG_VERSION").unlink(), "is damaged"),
        (lambda cluster: (cluster / "PG_VERSION").write_text(""), "is damaged"),
        (lambda cluster: shutil.rmtree(cluster / "global"), "global"),
        (lambda cluster: (cluster / "postgresql.conf").write_text("nonsense\n"), "syntax error"),
        (lambda cluster: (cluster / "global" / "pg_control").write_bytes(b"\0" * 8192), "incompatible"),
    ],
)
def test_data_that_cannot_be_used(data: Path, damage: object, says: str) -> None:
    assert callable(damage)
    damage(data / "cluster")
    with pytest.raises(PostgresError, match=says) as caught:
        embedded.start(data)
    assert str(data) in caught.value.message + caught.value.hint
    assert not serving(data)


def test_a_file_where_the_folder_should_be(folder: Path) -> None:
    (folder / "data").write_text("")
    with pytest.raises(DataUnusable, match=str(folder / "data")):
        embedded.start(folder / "data")


@as_root
def test_a_full_disk(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "none", disk], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        with pytest.raises(DiskFull, match="full"):
            embedded.start(disk / "data")
        assert not (disk / "data" / "cluster").exists()
        assert not list((disk / "data").glob("new-*"))
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        with embedded.running(disk / "data") as dsn:
            assert ask(dsn) == 1
        subprocess.run(["dd", "if=/dev/zero", f"of={disk}/filled", "bs=1M"], check=False, capture_output=True)
        with pytest.raises(DiskFull, match="full"):  # there is no room for a log that could say so
            embedded.start(disk / "data")
        (disk / "filled").unlink()
        with embedded.running(disk / "data") as dsn:
            assert ask(dsn) == 1
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@as_root
def test_a_disk_that_may_only_be_read(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", disk], check=False).returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        with pytest.raises(DataUnusable, match="Read-only"):
            embedded.start(disk / "data")
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@as_root
def test_root_does_not_use_a_closed_folder(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    with pytest.raises(DataUnusable, match="cannot reach"):
        embedded.start(closed / "data")
    assert modes(closed) == before

"""A cluster for the tests of the embedded PostgreSQL, made once for each worker and copied for each test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from vsmhub.server.postgres import embedded, postmaster


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data directory that has a cluster, to be copied: making one takes half a second."""
    data = Path("/tmp") / f"vsmhub-test-made-{os.getpid()}"
    with embedded.running(data):
        pass
    yield data
    shutil.rmtree(data)


@pytest.fixture
def data(made: Path, folder: Path) -> Iterator[Path]:
    """A data directory of this test's own with a cluster in it; whatever still runs on it is stopped."""
    own = folder / "data"
    subprocess.run(["cp", "-a", made, own], check=True)
    yield own
    if server := postmaster.read(own / "cluster"):
        postmaster.stop(server.pid, own / "cluster", None)

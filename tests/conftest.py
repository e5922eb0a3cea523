"""A real PostgreSQL for the tests that need one: one server for each worker, a database of its own for each test."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Databases
from vsmhub.server.postgres import embedded

# A shell starts what it runs in the background with Ctrl-C ignored, and what is started from there inherits that: the
# tests that interrupt would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name that every account may enter, as root's database needs it."""
    path = Path(tempfile.mkdtemp(prefix="vsmhub-test-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The PostgreSQL of this worker."""
    data = Path(tempfile.mkdtemp(prefix="vsmhub-test-", dir="/tmp"))
    try:
        with embedded.running(data) as dsn:
            yield Databases(dsn)
    finally:
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The DSN of an empty database of this test's own."""
    with databases.fresh() as dsn:
        yield dsn

"""The file that names PostgreSQL's process is not believed where it names none of PostgreSQL's."""

import sys
from pathlib import Path

import pytest

from tests.server.postgres.using import ask
from vsmhub.server.postgres import account as accounts
from vsmhub.server.postgres import cluster as clusters
from vsmhub.server.postgres import embedded

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@linux
def test_a_process_number_used_again_by_another(data: Path) -> None:
    """As after a restart of a container: the file names a living process of the server's account that is no server."""
    account = accounts.for_postgres(data / "cluster")
    with clusters.start(["/bin/sleep", "60"], account) as other:
        text = (
            f"{other.pid}\n{data / 'cluster'}\n1700000000\n5432\n{data / 'sockets'}\n\n     1234         0\nready   \n"
        )
        (data / "cluster" / "postmaster.pid").write_text(text)
        with embedded.running(data) as dsn:
            assert ask(dsn) == 1
        assert other.poll() is None, "nobody else's process is touched"
        other.kill()


@pytest.mark.parametrize("content", ["", "nonsense", "999999999\n/elsewhere\n"])
def test_a_nonsensical_file_of_the_process(data: Path, content: str) -> None:
    (data / "cluster" / "postmaster.pid").write_text(content)
    with embedded.running(data) as dsn:
        assert ask(dsn) == 1

"""The Inter-Hub for others, as `vsmhub serve` runs it."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.hosting.homes import Home, ended, said, token
from vsmhub.server.errors import AddressInUse, DatabaseDown
from vsmhub.server.hosting import listener, run

SERVE = (
    "from vsmhub.server.hosting import run\n"
    "def told(serving): print(serving.url or serving.socket, serving.docs, serving.minted, flush=True)\n"
    "path = Path(sys.argv[1]) if sys.argv[1:] else None\n"
    "run.serve(home.paths, {**os.environ, **home.environ}, home.keys, port=0, path=path, told=told)\n"
    "print('afterwards')"
)


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    home = Home(folder)
    yield home
    assert not home.serving()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_told_to_stop(home: Home, number: signal.Signals) -> None:
    process = home.run(SERVE)
    url, docs, minted = said(process).split()
    assert url.startswith("http://127.0.0.1:")
    assert docs == f"{url}/api/v2/docs"
    assert minted == "True"
    assert httpx.get(f"{url}/readyz").json() == {"status": "ready"}
    assert httpx.get(f"{url}/api/v2/hubs").status_code == 401
    assert token(f"{url}/api/v2", None, home.keys.load()).status_code == 200
    assert ended(process, number) == (0, "afterwards\n", "")


def test_on_a_unix_socket(home: Home, database: str) -> None:
    path = home.folder / "socket"
    process = home.run(SERVE, str(path), VSMHUB_DATABASE_URL=database)
    assert said(process).split()[0] == str(path)
    assert token("http://any/api/v2", path, home.keys.load()).status_code == 200
    assert ended(process, signal.SIGTERM) == (0, "afterwards\n", "")
    assert not path.exists()


def test_a_port_in_use_is_said_before_anything_is_started(home: Home) -> None:
    with listener.tcp("127.0.0.1", 0) as taken, pytest.raises(AddressInUse):
        run.serve(home.paths, home.environ, home.keys, port=taken.getsockname()[1], told=lambda _: None)
    assert not home.paths.data.exists()


def test_a_database_that_is_down(home: Home) -> None:
    environ = {**home.environ, "VSMHUB_DATABASE_URL": "postgresql://vsmhub@127.0.0.1:9/none"}
    with pytest.raises(DatabaseDown, match=r"127\.0\.0\.1"):
        run.serve(home.paths, environ, home.keys, port=0, told=lambda _: None)


def test_interrupted_while_it_starts(home: Home) -> None:
    process = home.run(SERVE)
    # Not before: until Python runs our code, a signal ends the process and is nobody's to answer.
    while not home.paths.data.exists():
        assert process.poll() is None
        time.sleep(0.01)
    code, _, complained = ended(process, signal.SIGTERM)
    assert code == 128 + signal.SIGTERM
    assert complained == ""


def test_killed_and_served_again(home: Home) -> None:
    process = home.run(SERVE)
    said(process)
    ended(process, signal.SIGKILL)
    again = home.run(SERVE)
    assert said(again).split()[2] == "False"
    assert ended(again, signal.SIGINT)[0] == 0

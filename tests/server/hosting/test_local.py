"""The embedded Inter-Hub for one command, run for real: shared, interrupted, killed, and over another database."""

import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.server.hosting.homes import Home, KeyFile, ended, said, token
from vsmhub.errors import VsmhubError
from vsmhub.files import FileError
from vsmhub.server.errors import DatabaseDown, ServerError, SettingError
from vsmhub.server.hosting import local, startup
from vsmhub.server.postgres import embedded

USE = (
    "from vsmhub.server.hosting import local\n"
    "with local.inter_hub(home.paths, {**os.environ, **home.environ}, home.keys) as running:\n"
    "    print(running.socket, flush=True); sys.stdin.read()\n"
    "print('afterwards')"
)


@pytest.fixture
def home(folder: Path) -> Home:
    return Home(folder)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that has been used once, so that its database is there already."""
    path = Path("/tmp") / f"vsmhub-test-{tmp_path_factory.mktemp('home').name}-{threading.get_native_id()}"
    path.mkdir()
    home = Home(path)
    with local.inter_hub(home.paths, home.environ, home.keys):
        pass
    yield home
    subprocess.run(["rm", "-r", path], check=True)


def usable_keys(home: Home) -> int:
    with embedded.running(home.paths.data) as dsn, psycopg.connect(dsn) as connection:
        row = connection.execute("select count(*) from api_keys where revoked_at is null").fetchone()
        assert row
        return int(row[0])


def test_starts_from_nothing_and_keeps_its_data(home: Home) -> None:
    with local.inter_hub(home.paths, home.environ, home.keys) as running:
        assert running.minted
        assert running.kept == str(home.paths.data)
        key = home.keys.load()
        assert token(running.base, running.socket, key).status_code == 200
        assert running.socket.parent.stat().st_mode & 0o777 == 0o700
    assert not running.socket.parent.exists()
    assert not home.serving()
    with local.inter_hub(home.paths, home.environ, home.keys) as again:
        assert not again.minted
        assert home.keys.load() == key
        assert token(again.base, again.socket, key).status_code == 200
    assert not [thread for thread in threading.enumerate() if thread.name in {"inter-hub", "postgres"}]


def test_says_nothing_and_logs_only_what_went_wrong(used: Home, capfd: pytest.CaptureFixture[str]) -> None:
    with local.inter_hub(used.paths, used.environ, used.keys) as running:
        assert token(running.base, running.socket, "wrong").status_code == 401
    assert capfd.readouterr() == ("", "")
    assert not running.log.exists()


def test_stops_at_once_however_short_it_ran(used: Home) -> None:
    for _ in range(10):
        with local.inter_hub(used.paths, used.environ, used.keys):
            pass
    assert not used.serving()


def test_an_error_inside_is_the_callers(used: Home) -> None:
    with pytest.raises(ZeroDivisionError), local.inter_hub(used.paths, used.environ, used.keys):
        raise ZeroDivisionError
    assert not used.serving()


def test_a_lost_key_is_replaced_and_no_longer_opens(used: Home) -> None:
    lost = used.keys.load()
    used.keys.path.unlink()
    with local.inter_hub(used.paths, used.environ, used.keys) as running:
        assert running.minted
        assert token(running.base, running.socket, lost).status_code == 401
        assert token(running.base, running.socket, used.keys.load()).status_code == 200
    assert usable_keys(used) == 1


@pytest.mark.parametrize("wrong", ["", "nonsense", "ihk_0123456789ab_" + "x" * 43])
def test_a_key_of_another_database_is_replaced(used: Home, wrong: str) -> None:
    used.keys.store(wrong)
    with local.inter_hub(used.paths, used.environ, used.keys) as running:
        assert running.minted
    assert usable_keys(used) == 1


def test_a_key_that_cannot_be_kept_is_not_made(home: Home) -> None:
    class Full(VsmhubError):
        pass

    class FullStore:
        def load(self) -> None:
            return None

        def store(self, secret: str) -> None:
            raise Full("no room")

    with pytest.raises(Full), local.inter_hub(home.paths, home.environ, FullStore()):
        pass
    assert not home.serving()
    with embedded.running(home.paths.data) as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT FROM api_keys").fetchall() == []


def test_a_key_that_stands_before_the_new_one(used: Home) -> None:
    class Overridden(KeyFile):
        def load(self) -> str:
            return "a key from the environment, of another database"

    before = usable_keys(used)
    with pytest.raises(ServerError) as caught, local.inter_hub(used.paths, used.environ, Overridden(used.keys.path)):
        pass
    assert "IHUB_OPERATOR_KEY" in caught.value.hint
    assert usable_keys(used) == before


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_the_key_is_kept(used: Home, when: str) -> None:
    """At no instant is there a usable key that nobody holds."""
    used.keys.path.unlink()
    code = (
        "import signal; store = home.keys.store; die = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"home.keys.store = lambda secret: {'die()' if when == 'before' else '(store(secret), die())'}\n"
    )
    assert ended(used.run(code + USE))[0] == -signal.SIGKILL
    assert used.keys.path.exists() == (when == "after")
    held = used.keys.load()
    with local.inter_hub(used.paths, used.environ, used.keys) as running:
        assert running.minted
        if held:
            assert token(running.base, running.socket, held).status_code == 401
        assert token(running.base, running.socket, used.keys.load()).status_code == 200
    assert usable_keys(used) == 1
    assert not used.serving()


def test_two_at_once_from_nothing(home: Home) -> None:
    processes = [home.run(USE) for _ in range(2)]
    sockets = [Path(said(process)) for process in processes]
    assert sockets[0] != sockets[1]
    for socket in sockets:
        assert token(local.BASE, socket, home.keys.load()).status_code == 200
    assert ended(processes[0])[:2] == (0, "afterwards\n")
    assert token(local.BASE, sockets[1], home.keys.load()).status_code == 200
    assert ended(processes[1])[:2] == (0, "afterwards\n")
    assert not home.serving()
    assert usable_keys(home) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_interrupted(used: Home, number: signal.Signals, code: int) -> None:
    process = used.run(USE)
    socket = Path(said(process))
    assert ended(process, number)[0] == code
    assert not used.serving()
    assert not socket.parent.exists()


@pytest.mark.parametrize(("number", "after"), [(signal.SIGINT, 0.3), (signal.SIGTERM, 0.6), (signal.SIGINT, 0.9)])
def test_interrupted_while_it_starts(home: Home, number: signal.Signals, after: float) -> None:
    process = home.run(USE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(after)
    ended(process, number)
    assert not home.serving()
    with local.inter_hub(home.paths, home.environ, home.keys) as running:
        assert token(running.base, running.socket, home.keys.load()).status_code == 200


def test_killed(used: Home) -> None:
    process = used.run(USE)
    socket = Path(said(process))
    ended(process, signal.SIGKILL)
    shutil.rmtree(socket.parent)
    assert used.serving()
    with local.inter_hub(used.paths, used.environ, used.keys) as running:
        assert not running.minted
        assert token(running.base, running.socket, used.keys.load()).status_code == 200
    assert not used.serving()


def test_over_another_database(home: Home, database: str) -> None:
    environ = {**home.environ, "VSMHUB_DATABASE_URL": database}
    with local.inter_hub(home.paths, environ, home.keys) as running:
        assert token(running.base, running.socket, home.keys.load()).status_code == 200
        assert "test_" in running.kept
    assert not home.paths.data.exists(), "the embedded PostgreSQL was not touched"


def test_a_home_that_cannot_be_made(folder: Path) -> None:
    (folder / "file").write_text("")
    home = Home(folder / "file")
    with pytest.raises(FileError) as caught, local.inter_hub(home.paths, home.environ, home.keys):
        pass
    assert "VSMHUB_HOME" in caught.value.hint


def test_without_the_servers_packages(used: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "SERVER", ("no_such_package.app",))
    with (
        pytest.raises(ServerError, match="no_such_package") as caught,
        local.inter_hub(used.paths, used.environ, used.keys),
    ):
        pass
    assert "vsmhub[local]" in caught.value.hint
    assert not used.serving()


def test_another_operators_key_stays(folder: Path, database: str) -> None:
    one, two = Home(folder / "one"), Home(folder / "two")
    for home in (one, two):
        home.folder.mkdir()
        with local.inter_hub(home.paths, {**home.environ, "VSMHUB_DATABASE_URL": database}, home.keys):
            pass
    environ = {**one.environ, "VSMHUB_DATABASE_URL": database}
    with local.inter_hub(one.paths, environ, one.keys) as running:
        assert not running.minted
        assert token(running.base, running.socket, two.keys.load()).status_code == 200


@pytest.mark.parametrize(
    ("environ", "error", "says"),
    [
        ({"VSMHUB_DATABASE_URL": "postgresql://vsmhub@127.0.0.1:9/none"}, DatabaseDown, "127.0.0.1"),
        ({"VSMHUB_DATABASE_URL": "postgresql://vsmhub@/none?host=/nonexistent"}, DatabaseDown, "/nonexistent"),
        ({"VSMHUB_RATE_LIMIT": "many"}, SettingError, "VSMHUB_RATE_LIMIT"),
    ],
)
def test_what_cannot_run(used: Home, environ: dict[str, str], error: type[VsmhubError], says: str) -> None:
    with (
        pytest.raises(error, match=says) as caught,
        local.inter_hub(used.paths, {**used.environ, **environ}, used.keys),
    ):
        pass
    assert "Traceback" not in caught.value.message
    assert not used.serving()

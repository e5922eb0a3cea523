"""The embedded PostgreSQL is shared: it starts with its first user and stops with its last, however they end."""

import os
import signal
import stat
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.postgres.using import Client, ask, serving
from vsmhub.server.postgres import embedded, postmaster


def test_keeps_its_data_and_stops_with_its_user(folder: Path) -> None:
    data = folder / "data"
    with embedded.running(data) as dsn:
        ask(dsn, "create table kept as select 42 as answer")
        assert serving(data)
    assert not serving(data)
    with embedded.running(data) as dsn:
        assert ask(dsn, "select answer from kept") == 42
    assert not (data / "unsynced").exists()


def test_settings(data: Path) -> None:
    with embedded.running(data) as dsn:
        settings = {name: ask(dsn, f"show {name}") for name in ("fsync", "server_encoding", "listen_addresses")}
        settings["user"] = ask(dsn, "select current_user")
        order = ask(dsn, "select string_agg(x, '' order by x) from unnest(array['a', 'B', 'é', 'Z']) x")
    assert settings == {"fsync": "on", "server_encoding": "UTF8", "listen_addresses": "", "user": "vsmhub"}
    assert order == "BZaé", "text is ordered by code point, on every system"


def test_only_this_account_reaches_the_socket(data: Path) -> None:
    with embedded.running(data):
        sockets = data / "sockets"
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert stat.S_ISSOCK((sockets / ".s.PGSQL.5432").stat().st_mode)


def test_a_long_path_gets_its_socket_elsewhere(made: Path, folder: Path) -> None:
    data = folder / ("long" * 25) / "data"
    data.parent.mkdir()
    subprocess.run(["cp", "-a", made, data], check=True)
    with embedded.running(data) as dsn, embedded.running(data) as again:
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
    with embedded.running(folder / name) as dsn:
        assert ask(dsn) == 1


def test_a_name_through_a_link_is_the_same_directory(data: Path, folder: Path) -> None:
    (folder / "link").symlink_to(data)
    with embedded.running(data) as dsn, embedded.running(folder / "link") as through_link:
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
                with embedded.running(data) as dsn:
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
    hold = embedded.start(data)
    assert hold.pid == server.pid
    assert ask(hold.dsn) == 1
    hold.stop()
    hold.stop()
    assert not serving(data)


def test_what_the_database_says_of_its_socket_has_nothing_else_removed(data: Path, folder: Path) -> None:
    """Its account may write that file, and may be taken over; who stops the server may be root."""
    precious = folder / "vsmhub-precious"
    (precious / "inner").mkdir(parents=True)
    Client(data).end(signal.SIGKILL)
    said = data / "cluster" / "postmaster.pid"
    lines = said.read_text().splitlines()
    lines[4] = str(precious)
    said.write_text("\n".join(lines) + "\n")
    hold = embedded.start(data)
    assert quote(str(precious), safe="") in hold.dsn
    hold.stop()
    assert not serving(data)
    assert (precious / "inner").is_dir()


def test_ctrl_c_stops_the_client_and_not_the_server_under_it(data: Path) -> None:
    first, second = Client(data), Client(data)
    first.end(signal.SIGINT)
    assert ask(second.dsn) == 1
    second.end(signal.SIGINT)
    assert not serving(data)


def test_one_that_another_user_started_after_a_crash_stops_with_the_last(data: Path) -> None:
    first = embedded.start(data)
    os.kill(first.pid, signal.SIGQUIT)
    while serving(data):  # on a busy machine it still answers for a moment
        time.sleep(0.01)
    with embedded.running(data) as dsn:
        assert ask(dsn) == 1
    assert serving(data), "the first user has not let go"
    first.stop()
    assert not serving(data)


def test_a_crash_is_recovered_from(data: Path) -> None:
    hold = embedded.start(data)
    ask(hold.dsn, "create table kept as select 42 as answer")
    os.kill(hold.pid, signal.SIGKILL)
    hold.stop()
    with embedded.running(data) as dsn:
        assert ask(dsn, "select answer from kept") == 42

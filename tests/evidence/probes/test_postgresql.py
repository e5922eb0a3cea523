"""The postgresql probe against a real server."""

import os
import signal
import socket
import struct
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
import pytest

from tests.evidence.looking import look, verdict
from tests.evidence.speaking import free_port, silent, speaking
from tests.evidence.standby import binaries, standby
from tests.postgresql import running
from vsmhub.evidence.probes.observation import Observation, Reason


def target(dsn: str, **more: Any) -> dict[str, Any]:
    """A DSN as a signal has it."""
    parts = urlsplit(dsn)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    known: dict[str, Any] = {
        "host": unquote(host),
        "database": parts.path[1:],
        "username": parts.username,
        "tls": "disable",
    }
    if parts.port:
        known["port"] = parts.port
    return {**known, **more}


def test_a_server_is_described(database: str) -> None:
    found = look("postgresql", **target(database))
    assert found.reason is None, found.message
    with psycopg.connect(database) as connection:
        assert found.facts["version"] == connection.info.server_version // 10000
    assert (found.facts["replica"], found.facts["replicas"]) == (False, 0)
    assert found.facts["archive.failing"] is False
    assert "replication.lag" not in found.facts  # there is no standby that could lag


def test_a_query_of_ones_own_becomes_a_row(database: str) -> None:
    query = "SELECT now() - interval '2 hours' AS last_backup, 3 AS copies, 1.5::numeric AS size, NULL AS nothing"
    found = look("postgresql", **target(database, query=query))
    row = found.facts["row"]
    assert isinstance(row, dict)
    assert (row["copies"], row["size"], row["nothing"]) == (3, 1.5, None)
    assert "T" in str(row["last_backup"])


QUERIES = [
    ("CREATE TABLE t ()", "read-only"),
    ("SELECT 1 WHERE false", "no row"),
    ("SELEC", "syntax"),
    ("SET application_name = 'x'", "no row"),
]


@pytest.mark.parametrize(("query", "word"), QUERIES)
def test_a_query_that_cannot_be_is_a_failure(database: str, query: str, word: str) -> None:
    found = look("postgresql", **target(database, query=query))
    assert found.reason is Reason.VALUE
    assert word in found.message


def test_a_query_that_takes_too_long_ends_with_the_timeout(database: str) -> None:
    before = time.perf_counter()
    found = look("postgresql", **target(database, query="SELECT pg_sleep(20)"), timeout=1)
    assert found.reason is Reason.TIMEOUT
    assert time.perf_counter() - before < 10


def test_who_is_not_let_in_and_why(database: str) -> None:
    assert look("postgresql", **target(database, database="nothing")).reason is Reason.CREDENTIAL
    assert look("postgresql", **target(database, username="nobody")).reason is Reason.CREDENTIAL
    found = look("postgresql", **target(database, credential={"username": "postgres", "secret": "key"}))
    assert found.reason is Reason.PROBER


def test_nobody_there(tmp_path: Any) -> None:
    assert look("postgresql", host="127.0.0.1", port=free_port(), tls="disable").reason is Reason.CONNECT
    assert look("postgresql", host=str(tmp_path)).reason is Reason.CONNECT


def test_something_else_there() -> None:
    with speaking(lambda connection: connection.sendall(b"SSH-2.0-x\r\n")) as server:
        found = look("postgresql", host="127.0.0.1", port=server.port, tls="disable")
    assert found.reason in (Reason.PROTOCOL, Reason.CONNECT), found.message
    with speaking(silent) as server:
        found = look("postgresql", host="127.0.0.1", port=server.port, tls="disable", timeout=0.5)
    assert found.reason is Reason.TIMEOUT
    with speaking(lambda connection: connection.sendall(b"N" if connection.recv(1000) else b"")) as server:
        found = look("postgresql", host="127.0.0.1", port=server.port, tls="require")
    assert found.reason is Reason.TLS


def test_a_standby_and_its_lag_are_seen_from_both_ends(folder: Path) -> None:
    with running(folder, binaries(folder)) as primary, standby(folder, primary) as second:
        ahead = until("replicas", 1, **target(primary))
        behind = look("postgresql", **target(second))
        assert (ahead.facts["replica"], behind.facts["replica"]) == (False, True)
        assert "replication.lag_size" in behind.facts

        # A standby that stops replaying falls behind, and both say so.
        with psycopg.connect(primary, autocommit=True) as connection:
            connection.execute("CREATE TABLE before ()")
        with psycopg.connect(second, autocommit=True) as connection:
            while connection.execute("SELECT to_regclass('before')").fetchone() == (None,):
                time.sleep(0.05)
            connection.execute("SELECT pg_wal_replay_pause()")
        with psycopg.connect(primary, autocommit=True) as connection:
            connection.execute("CREATE TABLE t AS SELECT g, repeat('x', 500) FROM generate_series(1, 2000) g")
        time.sleep(1.5)
        for seen in (until("replicas", 1, **target(primary)), look("postgresql", **target(second))):
            size = seen.facts["replication.lag_size"]
            assert isinstance(size, float)
            assert size > 500_000
        lag = look("postgresql", **target(second)).facts["replication.lag"]
        assert isinstance(lag, float)
        assert lag > 1
    found = look("postgresql", **target(primary))
    assert found.reason is Reason.CONNECT


def test_a_server_that_fails_in_each_way(folder: Path) -> None:
    port = free_port()
    settings = {"listen_addresses": "127.0.0.1", "archive_mode": "on", "archive_command": f"test ! -e {folder}/full"}
    with running(folder, binaries(folder), port=port, **settings) as dsn:

        def asked(*conditions: str, word: str = "the-password", **more: Any) -> tuple[str, str | None]:
            credential = {"credential": {"username": "probe", "secret": "key"}, "secrets": {"key": word}}
            known = {"host": "127.0.0.1", "port": port, "database": "postgres", "tls": "disable", "timeout": 10.0}
            return verdict("postgresql", *conditions, **{**known, **credential, **more})

        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE ROLE probe LOGIN PASSWORD 'the-password' CONNECTION LIMIT 1")
            connection.execute("CREATE TABLE backups AS SELECT now() - interval '2 hours' AS finished")
            connection.execute("GRANT SELECT ON backups TO probe")
            access = folder / "cluster" / "pg_hba.conf"
            access.write_text("local all postgres trust\nhost all probe 127.0.0.1/32 scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
            while asked("version > 9", word="wrong") != ("fail", "credential"):
                time.sleep(0.05)
            assert asked("version > 9") == ("pass", None)
            assert asked("version > 9", database="nothing") == ("fail", "credential")
            assert asked("version > 9", tls="require") == ("fail", "tls")

            query = "SELECT max(finished) AS finished FROM backups"
            assert asked('age(row["finished"]) < 1d', query=query) == ("pass", None)
            assert asked('age(row["finished"]) < 1h', query=query) == ("fail", "value")
            connection.execute("TRUNCATE backups")
            assert asked('age(row["finished"]) < 1d', query=query) == ("fail", "value")
            connection.execute("DROP TABLE backups")
            assert asked('age(row["finished"]) < 1d', query=query) == ("fail", "value")

            archived = ("archive.age < 5m", "not archive.failing")
            assert asked(archived[0]) == ("fail", "value")  # nothing was archived yet
            connection.execute("CREATE TABLE t ()")
            connection.execute("SELECT pg_switch_wal()")
            while asked(*archived) != ("pass", None):
                time.sleep(0.05)
            (folder / "full").touch()
            connection.execute("CREATE TABLE u ()")
            connection.execute("SELECT pg_switch_wal()")
            while asked(*archived) != ("fail", "value"):
                time.sleep(0.05)

            number = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
            os.kill(number, signal.SIGSTOP)
            assert asked("version > 9", timeout=1.0) == ("fail", "timeout")
            os.kill(number, signal.SIGCONT)
            assert asked("version > 9") == ("pass", None)
            with psycopg.connect(f"host=127.0.0.1 port={port} user=probe password=the-password dbname=postgres"):
                assert asked("version > 9")[0] == "fail"  # the role has no connection left
    assert asked("version > 9") == ("fail", "connect")


def until(fact: str, value: object, **where: Any) -> Observation:
    """Looks until the fact has the value."""
    for _ in range(100):
        found = look("postgresql", **where)
        if found.facts.get(fact) == value:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.parametrize("credential", [{"username": "ada", "secret": "password"}, None])
@pytest.mark.parametrize("tls", ["disable", "prefer"])
def test_nobody_gets_a_password_by_asking_for_it(
    tls: str, credential: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a verified certificate anybody may answer, refuse TLS, and ask for the password as it is."""
    heard = b""

    def ask(connection: socket.socket) -> None:
        nonlocal heard
        if tls == "prefer":
            connection.recv(8)
            connection.sendall(b"N")
        heard += connection.recv(1000)
        connection.sendall(b"R" + struct.pack("!II", 8, 3))  # AuthenticationCleartextPassword
        heard += connection.recv(1000)

    monkeypatch.setenv("PGPASSWORD", "of-another-server")
    with speaking(ask) as server:
        asked: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": server.port,
            "tls": tls,
            "username": "ada",
            "credential": credential,
        }
        found = look("postgresql", secrets={"password": "hunter2-hunter2"}, **asked)
    assert found.reason is Reason.CREDENTIAL, found.message
    assert b"ada" in heard
    assert b"hunter2" not in heard
    assert b"another" not in heard

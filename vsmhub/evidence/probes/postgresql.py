"""The postgresql probe: whether a server lets us in, and what it says of its replication and archiving."""

from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from vsmhub.evidence.probes.connection import Place, addresses, refused
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import PostgresqlTarget

if TYPE_CHECKING:
    from psycopg import AsyncConnection

# Columns that a user without pg_monitor may not see are null, and then not observed.
STATE = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
       pg_is_in_recovery() AS replica,
       (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming') AS replicas,
       CASE WHEN pg_is_in_recovery() THEN
            CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                 ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END
            ELSE (SELECT extract(epoch FROM max(coalesce(replay_lag, interval '0')))
                  FROM pg_stat_replication WHERE state = 'streaming') END AS lag,
       CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
            ELSE (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))
                  FROM pg_stat_replication WHERE state = 'streaming') END AS lag_size,
       (SELECT extract(epoch FROM now() - last_archived_time) FROM pg_stat_archiver) AS archive_age,
       (SELECT last_failed_time IS NOT NULL
               AND (last_archived_time IS NULL OR last_failed_time > last_archived_time)
        FROM pg_stat_archiver) AS archive_failing
"""
FACTS = {
    "version": "version",
    "replica": "replica",
    "replicas": "replicas",
    "lag": "replication.lag",
    "lag_size": "replication.lag_size",
    "archive_age": "archive.age",
    "archive_failing": "archive.failing",
}

# The libpq that can be told which ways of proving who one is it may take.
_REQUIRING = 160000
# What libpq says when it is not let in; it gives no code for it.
_REFUSALS = (
    ("certificate", Reason.TLS),
    ("SSL", Reason.TLS),
    ("authentication failed", Reason.CREDENTIAL),
    ("authentication method requirement", Reason.CREDENTIAL),
    ("no password supplied", Reason.CREDENTIAL),
    ("pg_hba.conf", Reason.CREDENTIAL),
    ("does not exist", Reason.CREDENTIAL),
    ("permission denied for database", Reason.CREDENTIAL),
    ("Connection refused", Reason.CONNECT),
    ("No such file", Reason.CONNECT),
    ("could not connect", Reason.CONNECT),
    ("No route to host", Reason.CONNECT),
    ("timeout", Reason.TIMEOUT),
)


async def probe(target: PostgresqlTarget, context: Context, record: Record) -> None:
    """Connect, ask for the server's state, and then what the target asks for."""
    import psycopg

    credential = target.credential
    options: dict[str, Any] = {
        "host": target.host,
        "port": target.port,
        "dbname": target.database,
        "user": (credential.username if credential else None) or target.username or "postgres",
        "application_name": "vsmhub probe",
        "connect_timeout": max(2, int(context.timeout)),
    }
    # An empty one keeps libpq from taking PGPASSWORD, which is for another server.
    options["password"] = "" if credential is None else context.revealed(credential)
    if not target.host.startswith("/"):
        (options["hostaddr"], *_) = await addresses(Place(target.host, target.port, target.allow), context, record)
        options["sslmode"] = target.tls
        if target.tls.startswith("verify"):
            options["sslrootcert"] = "system"
        elif psycopg.pq.version() >= _REQUIRING:
            # Whoever answers is not known: it may ask for the password itself, and would get it.
            options["require_auth"] = "!password"
    try:
        with record.phase("connect"):
            connection = await psycopg.AsyncConnection.connect(**options, autocommit=True)
        async with connection:
            with record.phase("query"):
                await _ask(connection, target, record)
    except psycopg.Error as error:
        raise _trouble(error, target, connected="time.query" in record.facts) from error
    except OSError as error:
        raise refused(error, target.host) from error


async def _ask(connection: "AsyncConnection[Any]", target: PostgresqlTarget, record: Record) -> None:
    from psycopg.rows import dict_row

    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("SET default_transaction_read_only = on")
        found = await (await cursor.execute(STATE)).fetchone() or {}
        record.facts |= {FACTS[name]: _plain(value) for name, value in found.items() if value is not None}
        if target.query is not None:
            await cursor.execute(target.query.encode())
            row = await cursor.fetchone() if cursor.description else None
            if row is None:
                raise Trouble(Reason.VALUE, "the query gives no row")
            record.facts["row"] = {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> JsonValue:
    """A column's value as JSON; numbers of any kind as numbers, times as RFC 3339."""
    from datetime import datetime, timedelta
    from decimal import Decimal

    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return float(value)
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            return str(value)


def _trouble(error: Exception, target: PostgresqlTarget, *, connected: bool) -> Trouble:
    said = " ".join(str(error).split()) or type(error).__name__
    if connected:
        return Trouble(Reason.VALUE, f"{target.host} refuses the query: {said[:300]}")
    reason = next((reason for words, reason in _REFUSALS if words in said), Reason.PROTOCOL)
    return Trouble(reason, said[:300])

"""What a failure of the database means, in one message each, without the password of its connection string."""

from typing import TYPE_CHECKING

from vsmhub.plan.errors import DatabaseFailed, PlanError, TargetMoved

if TYPE_CHECKING:
    import psycopg

HOW_IT_READS = "it reads like postgresql://user:password@host:5432/name; in the password %40 stands for @, %2F for /"
_MOVED = {"40001", "40P01"}


def place(dsn: str) -> str:
    """Where a connection string leads, without its password; DatabaseFailed when it cannot be understood."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    authority, _, path = dsn.partition("://")[2].partition("?")[0].partition("/")
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        parts = {}
    # A password with such a character as it is ends in other members, from where messages would show it.
    if not parts or authority.count("@") > 1 or "@" in path:
        raise DatabaseFailed("the database's connection string cannot be understood", hint=HOW_IT_READS)
    host = parts.get("host") or parts.get("hostaddr") or "the local socket"
    return f"database {parts.get('dbname') or parts.get('user') or '(default)'} at {host}"


def not_connected(error: "psycopg.Error", where: str) -> DatabaseFailed:
    """Why there is no connection. libpq tells it in words alone, so the words are read."""
    text = str(error)
    if 'database "' in text and "does not exist" in text:
        return DatabaseFailed(f"there is no {where}", hint="look at the name in the connection string")
    refused = ("authentication failed", "no password supplied", "pg_hba.conf", 'role "')
    if any(one in text for one in refused):
        return DatabaseFailed(
            f"the {where} does not let this user in", hint="look at user and password in the connection string"
        )
    reason = text.strip().splitlines()[0].rpartition("failed: ")[2] if text.strip() else type(error).__name__
    return DatabaseFailed(f"the {where} does not answer: {reason}", hint="is it up, and can it be reached from here?")


def failed(error: "psycopg.Error", where: str) -> PlanError:
    """What a statement's failure means; the transaction has been given up by then."""
    state = error.sqlstate or ""
    primary = error.diag.message_primary or (str(error).strip().splitlines() or [type(error).__name__])[0]
    if state in _MOVED:
        return TargetMoved(f"the {where} was written by others at the same moment; nothing has been changed")
    if state == "P0001":  # what the steps themselves refuse
        return PlanError(primary, hint="rename in hub.yaml, or raise manifest.version there")
    if state == "42501":
        return DatabaseFailed(
            f"the {where} does not let this user do that: {primary}",
            hint="it needs to read and write Inter-Hub's tables: hubs, hub_capability_manifests, declared_names, "
            "api_consumers, widgets, audit_records",
        )
    if state == "25006":
        return DatabaseFailed(f"the {where} can only be read", hint="name the primary, not a standby")
    if state == "55P03":
        return DatabaseFailed(f"another transaction keeps the {where} waiting too long", hint="run this again")
    if state[:2] == "42":
        return DatabaseFailed(
            f"the {where} is not laid out as Inter-Hub's: {primary}", hint="is it Inter-Hub's database, and its schema?"
        )
    if not state or state[:2] in {"08", "57"}:
        return DatabaseFailed(
            f"the connection to the {where} was lost: {primary}",
            hint="what was not committed is undone by itself; vsmhub plan tells what is left to do",
        )
    return DatabaseFailed(f"the {where} refused: {primary}")

"""Which surface a database is laid out for, and laying it out for another.

Both have the same tables at the same revision; for the one of 2026-05, hubs lack the three VSM columns. Whatever
migrations come later are thus for both. What tells the surface of a database is whether the columns are there.
"""

from dataclasses import dataclass
from typing import get_args

from psycopg import Connection
from psycopg.rows import DictRow

from vsmhub.interhub.messages.framework import HubFamily, VsmFunction, VsmSystem
from vsmhub.server.database import connected, place
from vsmhub.server.errors import DatabaseUnfit
from vsmhub.server.schema.migrate import LOCK
from vsmhub.server.surface import Surface

VSM_COLUMNS = {
    "hub_family": frozenset(get_args(HubFamily)),
    "vsm_function": frozenset(get_args(VsmFunction)),
    "vsm_system": frozenset(get_args(VsmSystem)),
}
"""The columns that the older schema lacks, and what they may hold."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The surface that a database is laid out for; `changed` says that it was for another until just now."""

    surface: Surface
    changed: bool = False


def settle(dsn: str, wanted: Surface | None) -> Layout:
    """Lay a migrated database out for the surface that is wanted, or leave it for its own.

    What was written on 2026-05 is kept when it becomes `reference`, and hubs are classified as their active manifests
    say. The way back is open only as long as there is no hub, since a classification would be lost: DatabaseUnfit.
    """
    with connected(dsn) as connection:
        found = surface_of(connection)
        if wanted is None or wanted is found:
            return Layout(found)
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock($1)", [LOCK])
            if surface_of(connection) is wanted:  # another process was faster
                return Layout(wanted)
            _change(connection, dsn, wanted)
    return Layout(wanted, changed=True)


def surface_of(connection: Connection[DictRow]) -> Surface:
    """The surface that a migrated database is laid out for."""
    there = connection.execute(
        "SELECT FROM pg_attribute WHERE attrelid = 'hubs'::regclass AND attname = 'vsm_function' AND NOT attisdropped"
    ).fetchone()
    return Surface.OF_2026_05 if there is None else Surface.REFERENCE


def _change(connection: Connection[DictRow], dsn: str, wanted: Surface) -> None:
    if wanted is Surface.REFERENCE:
        for name in VSM_COLUMNS:
            connection.execute(f"ALTER TABLE hubs ADD COLUMN {name} text".encode())
        _classify(connection)
        return
    # Whoever is about to make a hub waits for this, and then finds that it is too late.
    connection.execute("LOCK TABLE hubs IN ACCESS EXCLUSIVE MODE")
    if connection.execute("SELECT FROM hubs LIMIT 1").fetchone() is not None:
        raise DatabaseUnfit(
            f"the {place(dsn)} is laid out for the surface {Surface.REFERENCE} and has hubs, whose classification the "
            f"surface {Surface.OF_2026_05} cannot hold",
            hint="Serve it as it is, without --surface, or name another database in VSMHUB_DATABASE_URL "
            "(or another VSMHUB_HOME).",
        )
    for name in VSM_COLUMNS:
        connection.execute(f"ALTER TABLE hubs DROP COLUMN {name}".encode())


def _classify(connection: Connection[DictRow]) -> None:
    """Fill the columns from what the active manifests' capabilities say, as far as it is something they may hold."""
    from vsmhub.interhub.tables import hubs
    from vsmhub.server.writes import Author, alteration

    active = connection.execute(
        "SELECT hub_id, capability FROM hub_capability_manifests WHERE status = 'active' ORDER BY hub_id"
    ).fetchall()
    author = Author(actor="vsmhub on the server's machine")
    for row in active:
        told = {name: row["capability"].get(name) for name in VSM_COLUMNS}
        known = {name: value for name, value in told.items() if isinstance(value, str) and value in VSM_COLUMNS[name]}
        if known:
            write = alteration(author, hubs, row["hub_id"], known)
            write.statement.rows_now(connection, **write.given)

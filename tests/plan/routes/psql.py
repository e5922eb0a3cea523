"""A database as an operator reaches it: through `psql`."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

NEVER_EQUAL = {"id", "hub_id", "manifest_id", "consumer_id", "created_at", "updated_at", "activated_at"}
"""Columns that two ways to the same content fill differently."""


@dataclass(frozen=True)
class Target:
    """An Inter-Hub's database."""

    dsn: str
    psql: Path
    vsm_columns: bool

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Feed a script to `psql` as through a pipe into a pod, with nothing of ours in its environment."""
        return subprocess.run(
            [self.psql, "--no-psqlrc", "--file", "-", self.dsn],
            input=script,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            timeout=60,
            check=False,
        )

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What a query finds."""
        with psycopg.connect(self.dsn, row_factory=dict_row) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def content(self) -> dict[str, list[dict[str, Any]]]:
        """All that is in the tables a bootstrap writes, without what never equals, in an order of its own."""
        return {
            table: sorted(({name: row[name] for name in row if name not in NEVER_EQUAL} for row in rows), key=repr)
            for table, rows in self.everything().items()
        }

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All that is in the tables a bootstrap writes."""
        tables = ("hubs", "hub_capability_manifests", "declared_names", "api_consumers", "widgets")
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def waits_for_a_lock(target: Target) -> int:
    """The process of the session that waits for one, as soon as there is one."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        rows = target.rows(
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        if rows:
            return int(rows[0]["pid"])
        time.sleep(0.02)
    raise AssertionError("nobody waits")

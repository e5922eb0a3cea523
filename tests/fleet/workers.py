"""Workers as processes, each on a machine of its own as far as they can tell, and what the database says of them."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.cli.commands import ROOT, Home
from tests.cli.reaching import name_target
from tests.faults import faulty, undisturbed
from tests.plan.operators import Operator

SIGNAL = """\
  - name: probe-{number}
    why: It is there to be looked at
    fix: Nothing
    probe: {{http: {{url: "{url}/{number}"}}}}
    every: {every}
    timeout: 1s
    retries: 0
    expect: [status == 401]
    emits: [{{event: ops-endpoint-verified, widget: ops-readiness-gitea-registry}}]
"""
GATES = """\
spec: vsmhub/gates/v1
policy_scope: ops-threephoenix
gates:
  probed:
    name: It answers
    owner: railiance-apps
    owner_is: proposed
    source: t08
    waves: [coulombcore-to-threephoenix]
    requirement: It answers
    why: Nothing else would notice
    fix: Look at it
    max_age: 1h
    condition: {event: ops-endpoint-verified, widget: ops-readiness-gitea-registry, signal: probe-0, shows: It answers}
"""


def hub(folder: Path, url: str, *, signals: int, every: str) -> Path:
    """A copy of ops-hub with so many signals, all of them about paths of one server."""
    made = folder / "ops"
    made.mkdir()
    for name in ("hub.yaml", "inventory.yaml"):
        shutil.copy(ROOT / "hubs" / "ops" / name, made)
    text = "".join(SIGNAL.format(number=number, url=url, every=every) for number in range(signals))
    (made / "gates.yaml").write_text(GATES)
    (made / "signals.yaml").write_text(f"spec: vsmhub/signals/v1\nsignals:\n{text}")
    return made


@contextmanager
def homes(operator: Operator, dsn: str, folder: Path, hub: Path, *names: str) -> Iterator[list[Home]]:
    """Machines with a home each, that reach the same Inter-Hub and share a database; the hub is applied."""
    with faulty(operator.socket, undisturbed) as proxy:
        variables = {"IHUB_OPERATOR_KEY": operator.operator_key.reveal(), "VSMHUB_DATABASE_URL": dsn}
        found: list[Home] = []
        for name in names:
            place = folder / name
            place.mkdir()
            name_target(place, proxy.base)
            home = Home(place, variables)
            if found:
                shutil.copytree(found[0].folder / "vsmhub" / "keys", place / "vsmhub" / "keys")
            else:
                done = home.run("apply", hub, "--yes")
                assert done.code == 0, done.text
            found.append(home)
        yield found


class Watched:
    """What the workers' database says."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self._dsn, autocommit=True, row_factory=dict_row) as connection:
            connection.execute("SET search_path = vsmhub_observation")
            found = connection.execute(statement.encode(), values)
            return found.fetchall() if found.description else []

    def until(self, statement: str, *, seconds: float = 30, wanted: Callable[[Any], bool] = bool) -> Any:
        """The first value that the statement gives, as soon as it is as wanted."""
        end = time.monotonic() + seconds
        while True:
            try:
                (row,) = self.rows(statement)
                (value,) = row.values()
            except psycopg.errors.UndefinedTable:
                value = None
            if value is not None and wanted(value):
                return value
            assert time.monotonic() < end, f"{statement} is {value} after {seconds} s"
            time.sleep(0.1)

"""Evidence kept on disk until Inter-Hub has it: an SQLite file that survives being killed, and a power cut.

What is put in is on disk when `put` returns. It is put in once: the id of an envelope is unique, also after it was
delivered, until it is forgotten. Several processes may put and look at once; one at a time delivers.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.cleaning import stored
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.errors import EvidenceError

BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS envelopes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    hub TEXT NOT NULL,
    widget TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    envelope TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    parcel TEXT,
    widget_id TEXT,
    sent_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    alone INTEGER NOT NULL DEFAULT 0,
    said TEXT NOT NULL DEFAULT '',
    delivered_at TEXT,
    evidence_id TEXT
);
CREATE INDEX IF NOT EXISTS envelopes_by_state ON envelopes (state, hub, seq);
CREATE INDEX IF NOT EXISTS envelopes_by_parcel ON envelopes (parcel) WHERE parcel IS NOT NULL;
"""


class State(StrEnum):
    """What has become of an envelope."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """An envelope in the outbox. `size` is in bytes; `parcel` and `widget_id` are there once it was sent."""

    seq: int
    size: int
    envelope: Envelope
    state: State
    kept_at: str
    parcel: str | None
    widget_id: str | None
    sent_at: str | None
    attempts: int
    alone: bool
    said: str
    evidence_id: str | None


class Outbox:
    """The outbox in one file, made when it is missing, for its user alone. EvidenceError when it cannot be used.

    `secrets` gives the texts that must not be stored, whatever they stand in; they may become more while it is open.
    May be used from several threads.
    """

    def __init__(self, path: Path, *, secrets: Callable[[], Iterable[str]] = tuple) -> None:
        self.path = path
        self._secrets = secrets
        self._lock = threading.RLock()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
                self._connection.executescript(SCHEMA)
            except BaseException:
                # Nobody else can: who asked for it never had it.
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def secrets(self) -> tuple[str, ...]:
        """The texts that must not be stored."""
        return tuple(self._secrets())

    def prepare(self, schema: str) -> None:
        """Make tables that others keep in the same file, where they are missing."""
        with self._lock, self._translated():
            self._connection.executescript(schema)

    def read(self, statement: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        """The rows that a SELECT gives."""
        with self._lock, self._translated():
            return list(self._connection.execute(statement, values))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is done inside; on disk when it ends."""
        with self._lock, self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk has SQLite roll back by itself; to do it again would be a failure that hides that one.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def put(self, envelopes: Iterable[Envelope]) -> int:
        """Keep envelopes, without the secrets in them; how many of them are new."""
        with self.transaction() as connection:
            return self.put_within(connection, envelopes)

    def put_within(self, connection: sqlite3.Connection, envelopes: Iterable[Envelope]) -> int:
        """The same as a part of a transaction that holds more."""
        secrets = self.secrets()
        now = rfc3339(datetime.now(UTC))
        before = connection.total_changes
        connection.executemany(
            "INSERT INTO envelopes (id, hub, widget, envelope, kept_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO NOTHING",
            [(one.id, one.hub, one.subject, stored(one.document(), secrets), now) for one in envelopes],
        )
        return connection.total_changes - before

    def entries(self, *states: State, hub: str | None = None, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Entries in the order in which they were put, of these states (all if none is given)."""
        wanted = states or tuple(State)
        marks = ", ".join("?" * len(wanted))
        where = f"state IN ({marks}) AND seq > ?" + (" AND hub = ?" if hub else "")
        values = [*wanted, after, *([hub] if hub else []), limit]
        return self._rows(f"SELECT * FROM envelopes WHERE {where} ORDER BY seq LIMIT ?", values)  # noqa: S608 - no input

    def find(self, envelope_id: str) -> Entry | None:
        """The entry of one envelope."""
        return next(iter(self._rows("SELECT * FROM envelopes WHERE id = ?", [envelope_id])), None)

    def hubs(self) -> list[str]:
        """The hubs for which something waits."""
        with self._lock, self._translated():
            found = self._connection.execute("SELECT DISTINCT hub FROM envelopes WHERE state = 'waiting' ORDER BY hub")
            return [str(hub) for (hub,) in found]

    def under_way(self, hub: str) -> list[Entry]:
        """Entries that were sent, to which no answer came."""
        return self._rows(
            "SELECT * FROM envelopes WHERE state = 'waiting' AND hub = ? AND parcel IS NOT NULL ORDER BY seq", [hub]
        )

    def counts(self) -> dict[State, int]:
        """How many there are of each state."""
        with self._lock, self._translated():
            found = dict(self._connection.execute("SELECT state, count(*) FROM envelopes GROUP BY state"))
        return {state: found.get(state, 0) for state in State}

    def waiting(self) -> int:
        """How many wait; as quick as there are few of them, however many were delivered."""
        with self._lock, self._translated():
            ((count,),) = self._connection.execute("SELECT count(*) FROM envelopes WHERE state = 'waiting'")
            return int(count)

    def send(self, parcel: str, entries: Sequence[tuple[int, str]]) -> None:
        """Note, before they are sent, that these go together: numbers and widgets' ids."""
        now = rfc3339(datetime.now(UTC))
        with self.transaction() as connection:
            connection.executemany(
                "UPDATE envelopes SET parcel = ?, widget_id = ?, sent_at = ?, attempts = attempts + 1 WHERE seq = ?",
                [(parcel, widget, now, seq) for seq, widget in entries],
            )

    def delivered(self, entries: Iterable[tuple[int, str]]) -> None:
        """Note that these arrived: numbers and the ids they have at Inter-Hub."""
        now = rfc3339(datetime.now(UTC))
        with self.transaction() as connection:
            connection.executemany(
                "UPDATE envelopes SET state = 'delivered', delivered_at = ?, evidence_id = ?, parcel = NULL, said = '' "
                "WHERE seq = ?",
                [(now, evidence, seq) for seq, evidence in entries],
            )

    def refused(self, seq: int, said: str) -> None:
        """Note that Inter-Hub will not take this one."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE envelopes SET state = 'refused', parcel = NULL, said = ? WHERE seq = ?", (said[:2000], seq)
            )

    def unpack(self, parcel: str) -> None:
        """Nothing of a parcel was taken: each of it goes alone from now on."""
        with self.transaction() as connection:
            connection.execute("UPDATE envelopes SET parcel = NULL, alone = 1 WHERE parcel = ?", (parcel,))

    def remark(self, seqs: Iterable[int], said: str) -> None:
        """Note why these still wait."""
        with self.transaction() as connection:
            connection.executemany(
                "UPDATE envelopes SET said = ? WHERE seq = ? AND said <> ?", [(said, seq, said) for seq in seqs]
            )

    def retry(self, ids: Sequence[str] = ()) -> int:
        """Let what was refused wait again: these, or all; how many."""
        return self._change("UPDATE envelopes SET state = 'waiting', alone = 1, said = ''", "state = 'refused'", ids)

    def drop(self, ids: Sequence[str]) -> int:
        """Take these out for good, unless they were delivered; how many."""
        return self._change("DELETE FROM envelopes", "state <> 'delivered'", ids) if ids else 0

    def forget(self, *, older_than: timedelta) -> int:
        """Forget what was delivered longer ago; how many."""
        before = rfc3339(datetime.now(UTC) - older_than)
        with self.transaction() as connection:
            return connection.execute(
                "DELETE FROM envelopes WHERE state = 'delivered' AND delivered_at < ?", (before,)
            ).rowcount

    def _change(self, statement: str, condition: str, ids: Sequence[str]) -> int:
        marks = ", ".join("?" * len(ids))
        which = f" AND id IN ({marks})" if ids else ""
        with self.transaction() as connection:
            return connection.execute(f"{statement} WHERE {condition}{which}", list(ids)).rowcount

    def _rows(self, statement: str, values: Sequence[object]) -> list[Entry]:
        with self._lock, self._translated():
            cursor = self._connection.execute(statement, values)
            names = [column[0] for column in cursor.description]
            return [_entry(dict(zip(names, row, strict=True))) for row in cursor]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            hint = "free some space, then try again" if "full" in str(error) else ""
            if any(sign in str(error) for sign in ("not a database", "malformed")):
                hint = "what waits in it cannot be read; move the file away to go on without it"
            raise EvidenceError(f"the outbox {self.path} cannot be used: {error}", hint=hint) from error
        except OSError as error:
            raise EvidenceError(f"the outbox {self.path} cannot be used: {error.strerror or error}") from error


def _entry(row: dict[str, object]) -> Entry:
    return Entry(
        seq=int(str(row["seq"])),
        size=len(str(row["envelope"]).encode()),
        envelope=Envelope.model_validate_json(str(row["envelope"])),
        state=State(str(row["state"])),
        kept_at=str(row["kept_at"]),
        parcel=_text(row["parcel"]),
        widget_id=_text(row["widget_id"]),
        sent_at=_text(row["sent_at"]),
        attempts=int(str(row["attempts"])),
        alone=bool(row["alone"]),
        said=str(row["said"]),
        evidence_id=_text(row["evidence_id"]),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)

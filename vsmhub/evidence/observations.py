"""What was observed, kept on this machine beside the outbox: every attempt, where each signal stands, and the evidence.

All that comes of an observation is written in one transaction, so that a signal cannot have failed without its evidence
waiting to be handed on, nor the other way round.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from vsmhub.evidence.attempts import Attempt, Result
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.cleaning import cleaned
from vsmhub.evidence.emission import envelopes
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.outbox import Outbox
from vsmhub.evidence.probes.observation import FactValue
from vsmhub.evidence.settling import Standing, counts, settle
from vsmhub.spec.model import HubSpec

SCHEMA = """
CREATE TABLE IF NOT EXISTS observations (
    hub TEXT NOT NULL,
    signal TEXT NOT NULL,
    slot TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    at TEXT NOT NULL,
    seconds REAL NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    said TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (hub, signal, slot, attempt)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS observations_by_time ON observations (at);
CREATE TABLE IF NOT EXISTS standings (
    hub TEXT NOT NULL,
    signal TEXT NOT NULL,
    settled TEXT,
    streak INTEGER NOT NULL,
    slot TEXT NOT NULL,
    PRIMARY KEY (hub, signal)
) WITHOUT ROWID;
"""
FACTS_LIMIT = 16 * 1024
# These may be large, and what matters of them is in conditions and metadata.
NOT_KEPT = frozenset({"body", "json", "ref"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A result as it was written: where the signal stands now, and the evidence that came of it."""

    result: Result
    standing: Standing
    evidence: tuple[Envelope, ...]


class Observations:
    """The observations of one hub, in the file of an outbox."""

    def __init__(self, outbox: Outbox, spec: HubSpec) -> None:
        self._outbox = outbox
        self._spec = spec
        self._hub = spec.hub.slug
        outbox.prepare(SCHEMA)

    def record(self, results: Iterable[Result]) -> list[Recorded]:
        """Write results, all or none; those whose scheduled time was observed before are left out."""
        recorded: list[Recorded] = []
        secrets = self._outbox.secrets()
        with self._outbox.transaction() as connection:
            for result in results:
                if not self._written(connection, result, secrets):
                    continue
                before = self._standing(connection, result.signal.name)
                outcome = result.judgement.outcome
                now = settle(before, outcome, fail_after=result.signal.fail_after, pass_after=result.signal.pass_after)
                connection.execute(
                    "INSERT INTO standings VALUES (?, ?, ?, ?, ?) ON CONFLICT (hub, signal) DO UPDATE SET "
                    "settled = excluded.settled, streak = excluded.streak, slot = excluded.slot",
                    (self._hub, result.signal.name, now.settled, now.streak, rfc3339(result.slot)),
                )
                evidence = envelopes(result, self._spec) if counts(now, outcome) else ()
                self._outbox.put_within(connection, evidence)
                recorded.append(Recorded(result, now, evidence))
        return recorded

    def standings(self) -> dict[str, Standing]:
        """Where each signal stands that was ever observed."""
        rows = self._outbox.read("SELECT signal, settled, streak FROM standings WHERE hub = ?", [self._hub])
        return {
            str(signal): Standing(Outcome(str(settled)) if settled else None, int(str(streak)))
            for signal, settled, streak in rows
        }

    def attempts(self, signal: str, *, limit: int = 100) -> list[dict[str, object]]:
        """The latest attempts at one signal, the newest first."""
        rows = self._outbox.read(
            "SELECT slot, attempt, at, seconds, outcome, reason, said, facts FROM observations "
            "WHERE hub = ? AND signal = ? ORDER BY slot DESC, attempt DESC LIMIT ?",
            [self._hub, signal, limit],
        )
        names = ("slot", "attempt", "at", "seconds", "outcome", "reason", "said")
        return [dict(zip(names, row[:-1], strict=True)) | {"facts": json.loads(str(row[-1]))} for row in rows]

    def forget(self, *, older_than: timedelta) -> int:
        """Forget attempts that are older; how many."""
        before = rfc3339(datetime.now(UTC) - older_than)
        with self._outbox.transaction() as connection:
            return connection.execute("DELETE FROM observations WHERE at < ?", (before,)).rowcount

    def _written(self, connection: sqlite3.Connection, result: Result, secrets: Sequence[str]) -> bool:
        rows = [
            (self._hub, result.signal.name, rfc3339(result.slot), number, *_row(attempt, secrets))
            for number, attempt in enumerate(result.attempts, 1)
        ]
        before = connection.total_changes
        connection.execute("INSERT OR IGNORE INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows[0])
        if connection.total_changes == before:
            return False
        connection.executemany("INSERT OR IGNORE INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows[1:])
        return True

    def _standing(self, connection: sqlite3.Connection, signal: str) -> Standing:
        row = connection.execute(
            "SELECT settled, streak FROM standings WHERE hub = ? AND signal = ?", (self._hub, signal)
        ).fetchone()
        return Standing(Outcome(row[0]) if row[0] else None, row[1]) if row else Standing()


def _row(attempt: Attempt, secrets: Sequence[str]) -> tuple[object, ...]:
    observation, judgement = attempt.observation, attempt.judgement
    facts = json.dumps(cleaned(_kept(observation.facts), secrets), ensure_ascii=False, default=str)
    if len(facts) > FACTS_LIMIT:
        facts = "{}"
    said = cleaned(judgement.said[:2000], secrets)
    return rfc3339(observation.at), observation.seconds, judgement.outcome, judgement.reason, said, facts


def _kept(facts: Mapping[str, FactValue]) -> dict[str, JsonValue]:
    return {name: _plain(value) for name, value in facts.items() if name not in NOT_KEPT}


def _plain(value: FactValue) -> JsonValue:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value

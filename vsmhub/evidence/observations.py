"""What was observed, kept on this machine beside the outbox: every attempt, where each signal stands, and the evidence.

All that comes of an observation is written in one transaction, so that a signal cannot have failed without its evidence
waiting to be handed on, nor the other way round.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vsmhub.evidence.attempts import Attempt, Result
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.cleaning import cleaned, stored
from vsmhub.evidence.emission import Emitter
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
        self._emitter = Emitter(spec)
        self._hub = spec.hub.slug
        outbox.prepare(SCHEMA)

    def record(self, results: Iterable[Result]) -> list[Recorded]:
        """Write results, all or none; those whose scheduled time was observed before are left out."""
        recorded: list[Recorded] = []
        secrets = self._outbox.secrets()
        with self._outbox.transaction() as connection:
            fresh = self._fresh(connection, results)
            standings = self._standings(connection, [one.signal.name for one in fresh])
            for result in fresh:
                signal, outcome = result.signal, result.judgement.outcome
                before = standings.get(signal.name, Standing())
                now = settle(before, outcome, fail_after=signal.fail_after, pass_after=signal.pass_after)
                standings[signal.name] = now
                evidence = self._emitter.envelopes(result) if counts(now, outcome) else ()
                recorded.append(Recorded(result, now, evidence))
            keep_attempts(connection, self._hub, fresh, secrets)
            connection.executemany(
                "INSERT OR REPLACE INTO standings VALUES (?, ?, ?, ?, ?)",
                [
                    (
                        self._hub,
                        one.result.signal.name,
                        one.standing.settled,
                        one.standing.streak,
                        rfc3339(one.result.slot),
                    )
                    for one in recorded
                ],
            )
            self._outbox.put_within(connection, [envelope for one in recorded for envelope in one.evidence])
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

    def _fresh(self, connection: sqlite3.Connection, results: Iterable[Result]) -> list[Result]:
        """The first result of each signal and scheduled time that was not observed before."""
        found = {(one.signal.name, rfc3339(one.slot)): one for one in reversed(list(results))}
        # One statement for each, since it is prepared once: reading a long list of values took ten times as long.
        known = {
            key
            for key in found
            if connection.execute(
                "SELECT 1 FROM observations WHERE hub = ? AND signal = ? AND slot = ? AND attempt = 1",
                (self._hub, *key),
            ).fetchone()
        }
        return [one for key, one in reversed(found.items()) if key not in known]

    def _standings(self, connection: sqlite3.Connection, signals: Iterable[str]) -> dict[str, Standing]:
        found: dict[str, Standing] = {}
        for signal in set(signals):
            row = connection.execute(
                "SELECT settled, streak FROM standings WHERE hub = ? AND signal = ?", (self._hub, signal)
            ).fetchone()
            if row is not None:
                settled, streak = row
                found[signal] = Standing(Outcome(settled) if settled else None, streak)
        return found


def keep_attempts(
    connection: sqlite3.Connection, hub: str, results: Iterable[Result], secrets: Sequence[str], *, again: bool = False
) -> None:
    """Write every attempt of these results; `again` lets them replace what is known of the same scheduled times."""
    connection.executemany(
        f"INSERT {'OR REPLACE ' if again else ''}INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [
            (hub, result.signal.name, rfc3339(result.slot), number, *_row(attempt, secrets))
            for result in results
            for number, attempt in enumerate(result.attempts, 1)
        ],
    )


def _row(attempt: Attempt, secrets: Sequence[str]) -> tuple[object, ...]:
    observation, judgement = attempt.observation, attempt.judgement
    facts = stored(_kept(observation.facts), secrets)
    if len(facts) > FACTS_LIMIT:
        facts = "{}"
    said = cleaned(judgement.said[:2000], secrets) if judgement.said else ""
    return rfc3339(observation.at), observation.seconds, judgement.outcome, judgement.reason, said, facts


def _kept(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    return {name: value for name, value in facts.items() if name not in NOT_KEPT}

"""How a fleet is: which workers live, whether anybody plans, and what was observed and missed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from vsmhub.evidence.claim import rfc3339
from vsmhub.fleet.database import connected_to
from vsmhub.fleet.pace import SILENT_AFTER
from vsmhub.spec.spans import age_text

Facts = dict[str, Any]
HOUR = timedelta(hours=1)

WORKERS = """
SELECT name, started_at, seen_at, ended_at, clock_timestamp() AS now FROM workers
WHERE $1 = ANY(hubs) AND seen_at > now() - interval '1 day' ORDER BY seen_at DESC LIMIT 50
"""
SLOTS = """
SELECT count(*) FILTER (WHERE state = 'observed') AS observed, count(*) FILTER (WHERE state = 'missed') AS missed,
count(*) FILTER (WHERE state IN ('due', 'claimed') AND closes_at < now()) AS overdue,
count(*) FILTER (WHERE claims > 1) AS taken_over
FROM slots WHERE hub = $1 AND closes_at > now() - interval '1 hour'
"""
SIGNALS = """
SELECT plans.signal, plans.missed, standings.slot, standings.outcome, standings.worker
FROM plans LEFT JOIN standings USING (hub, signal) WHERE hub = $1 AND plans.signal = ANY($2) ORDER BY signal
"""
SILENCES = "SELECT since, until, last_by, noticed_by, missed FROM silences WHERE hub = $1 ORDER BY since DESC LIMIT 5"


@dataclass(frozen=True, slots=True)
class Overview:
    """How one hub is observed. `troubles` says what is not as it should be; without any it is well."""

    facts: Facts
    troubles: tuple[str, ...]


def overview(dsn: str, hub: str, signals: list[str], *, lost_after: float) -> Overview:
    """What the database knows. ServerError when it cannot be reached, FleetError when no worker ever used it."""
    with connected_to(dsn) as connection:
        workers = connection.execute(WORKERS, [hub]).fetchall()
        slots = connection.execute(SLOTS, [hub]).fetchone() or {}
        standings = connection.execute(SIGNALS, [hub, signals]).fetchall()
        silences = connection.execute(SILENCES, [hub]).fetchall()
        schedule = connection.execute(
            "SELECT planned_at, planned_by, clock_timestamp() AS now FROM schedules WHERE hub = $1", [hub]
        ).fetchone()
    alive = [one for one in workers if one["ended_at"] is None and _age(one, "seen_at") <= lost_after]
    facts: Facts = {
        "hub": hub,
        "workers": [
            {
                "name": one["name"],
                "state": _state(one, lost_after),
                "seenAt": rfc3339(one["seen_at"]),
                "startedAt": rfc3339(one["started_at"]),
            }
            for one in workers
        ],
        "plannedAt": rfc3339(schedule["planned_at"]) if schedule else None,
        "plannedBy": schedule["planned_by"] if schedule else None,
        "lastHour": {
            "observed": slots.get("observed", 0),
            "missed": slots.get("missed", 0),
            "takenOver": slots.get("taken_over", 0),
        },
        "signals": [
            {
                "signal": one["signal"],
                "outcome": one["outcome"],
                "observed": rfc3339(one["slot"]) if one["slot"] else None,
                "by": one["worker"],
                "missed": one["missed"],
            }
            for one in standings
        ],
        "silences": [
            {
                "since": rfc3339(one["since"]),
                "until": rfc3339(one["until"]),
                "lastBy": one["last_by"],
                "noticedBy": one["noticed_by"],
                "missed": sum(one["missed"].values()),
            }
            for one in silences
        ],
    }
    return Overview(facts, tuple(_troubles(facts, len(alive), schedule, slots)))


def _troubles(facts: Facts, alive: int, schedule: Facts | None, slots: Facts) -> list[str]:
    found = []
    if not alive:
        last = max((one["seenAt"] for one in facts["workers"]), default=None)
        found.append("no worker lives" + (f"; the last was seen at {last}" if last else " and none was ever seen"))
    if schedule is None:
        found.append("nobody has planned yet")
    elif (silent := _age(schedule, "planned_at")) > SILENT_AFTER:
        found.append(
            f"nobody has planned for {age_text(silent)}: no observation since {facts['plannedAt']}, "
            f"last by {schedule['planned_by']}"
        )
    if slots.get("overdue"):
        found.append(f"{slots['overdue']} scheduled times have passed unobserved")
    return found


def _age(row: Facts, name: str) -> float:
    now, then = row["now"], row[name]
    return (now.astimezone(UTC) - then.astimezone(UTC)).total_seconds() if isinstance(then, datetime) else 0.0


def _state(worker: Facts, lost_after: float) -> str:
    if worker["ended_at"] is not None:
        return "ended"
    return "alive" if _age(worker, "seen_at") <= lost_after else "lost"

"""`restic snapshots --json`: a list of snapshots (restic's manual, "Scripting")."""

from datetime import datetime

from pydantic import JsonValue

from vsmhub.evidence.probes.formats.documents import known, newest, part, seconds_since, texts
from vsmhub.evidence.probes.observation import FactValue, Reason, Trouble


def snapshots(document: JsonValue, now: datetime) -> dict[str, FactValue]:
    """How many there are, and the newest."""
    if not isinstance(document, list):
        raise Trouble(Reason.BODY, "this is not what `restic snapshots --json` writes")
    found = [one for one in document if isinstance(one, dict) and "time" in one]
    last = newest(found, "time")
    return known(
        {
            "snapshots": len(found),
            "snapshot.age": seconds_since(last, now, "time"),
            "snapshot.id": part(last, "short_id") or part(last, "id"),
            "snapshot.host": part(last, "hostname"),
            "snapshot.paths": texts(part(last, "paths")),
            "snapshot.tags": texts(part(last, "tags")) or () if last else None,
        }
    )

"""`velero backup get --output json` and `velero restore get --output json`, or the same from kubectl.

A backup that completed is no proof that it can be restored, so restores are read apart.
"""

from datetime import datetime, timedelta

from pydantic import JsonValue

from vsmhub.evidence.conditions import moment
from vsmhub.evidence.probes.formats.documents import Document, items, known, newest, part, seconds_since
from vsmhub.evidence.probes.observation import FactValue


def backups(document: JsonValue, now: datetime) -> dict[str, FactValue]:
    """The newest backup that was started, and the newest that completed."""
    found = items(document, "Backup")
    last = newest(found, "status", "startTimestamp")
    completed = _completed(found)
    good = newest(completed, "status", "completionTimestamp")
    ends = moment(part(good, "status", "expiration"))
    return known(
        {
            "backups": len(found),
            "backups.completed": len(completed),
            "backup.name": part(last, "metadata", "name"),
            "backup.phase": part(last, "status", "phase"),
            "backup.age": seconds_since(good, now, "status", "completionTimestamp"),
            "backup.errors": _count(last, "errors"),
            "backup.warnings": _count(last, "warnings"),
            "backup.expires_in": None if ends is None else (ends - now) / timedelta(seconds=1),
        }
    )


def restores(document: JsonValue, now: datetime) -> dict[str, FactValue]:
    """The newest restore that was started, and the newest that completed."""
    found = items(document, "Restore")
    last = newest(found, "status", "startTimestamp")
    good = newest(_completed(found), "status", "completionTimestamp")
    return known(
        {
            "restores": len(found),
            "restore.name": part(last, "metadata", "name"),
            "restore.phase": part(last, "status", "phase"),
            "restore.backup": part(last, "spec", "backupName"),
            "restore.age": seconds_since(good, now, "status", "completionTimestamp"),
            "restore.errors": _count(last, "errors"),
            "restore.warnings": _count(last, "warnings"),
        }
    )


def _completed(found: list[Document]) -> list[Document]:
    return [one for one in found if part(one, "status", "phase") == "Completed"]


def _count(document: Document | None, name: str) -> JsonValue:
    """Velero leaves a count out when it is 0."""
    return None if document is None else part(document, "status", name) or 0

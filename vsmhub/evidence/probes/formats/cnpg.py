"""`kubectl get cluster NAME --output json` and `kubectl get backups --output json` of CloudNativePG.

The cluster's own `firstRecoverabilityPoint` and `lastSuccessfulBackup` are deprecated, and empty where backups are made
by a plugin; what counts is the Backup objects.
"""

from datetime import datetime

from pydantic import JsonValue

from vsmhub.evidence.probes.formats.documents import Document, items, known, newest, part, seconds_since
from vsmhub.evidence.probes.observation import FactValue, Reason, Trouble


def cluster(document: JsonValue, now: datetime) -> dict[str, FactValue]:  # noqa: ARG001 - all readers are called alike
    """The one cluster."""
    found = items(document, "Cluster")
    if len(found) != 1:
        raise Trouble(Reason.BODY, f"this is not one Cluster but {len(found)}")
    (one,) = found
    return known(
        {
            "cluster.name": part(one, "metadata", "name"),
            "cluster.phase": part(one, "status", "phase"),
            "cluster.ready": _condition(one, "Ready"),
            "cluster.primary": part(one, "status", "currentPrimary"),
            "instances": part(one, "spec", "instances"),
            "instances.ready": part(one, "status", "readyInstances"),
            "archiving": _condition(one, "ContinuousArchiving"),
        }
    )


def backups(document: JsonValue, now: datetime) -> dict[str, FactValue]:
    """The newest backup that was started, and the newest that completed."""
    found = items(document, "Backup")
    last = newest(found, "status", "startedAt") or newest(found, "metadata", "creationTimestamp")
    completed = [one for one in found if part(one, "status", "phase") == "completed"]
    good = newest(completed, "status", "stoppedAt")
    return known(
        {
            "backups": len(found),
            "backups.completed": len(completed),
            "backup.name": part(last, "metadata", "name"),
            "backup.phase": part(last, "status", "phase"),
            "backup.method": part(last, "status", "method") or part(last, "spec", "method"),
            "backup.age": seconds_since(good, now, "status", "stoppedAt"),
            "backup.error": part(last, "status", "error"),
        }
    )


def _condition(document: Document, kind: str) -> bool | None:
    """A condition's status; None when it is not stated, or unknown."""
    listed = part(document, "status", "conditions")
    for one in listed if isinstance(listed, list) else []:
        if part(one, "type") == kind:
            return {"True": True, "False": False}.get(str(part(one, "status")))
    return None

"""The formats by name."""

from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import JsonValue

from vsmhub.evidence.probes.formats import cnpg, restic, velero
from vsmhub.evidence.probes.observation import FactValue

Reader = Callable[[JsonValue, datetime], dict[str, FactValue]]
"""Facts in a document, at a time; Trouble when it is not of the format."""

FORMATS: Mapping[str, Reader] = {
    "json": lambda document, now: {},  # noqa: ARG005 - the document itself is the fact
    "restic-snapshots": restic.snapshots,
    "velero-backups": velero.backups,
    "velero-restores": velero.restores,
    "cnpg-cluster": cnpg.cluster,
    "cnpg-backups": cnpg.backups,
}

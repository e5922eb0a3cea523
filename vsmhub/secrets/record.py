"""What is kept for a key: its secret, and what is needed to find the key again at its target."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vsmhub.secrets.errors import BadSecret
from vsmhub.secrets.secret import Sealed, Secret

# An Inter-Hub key begins with twelve public characters, which its target shows as the key's prefix.
PUBLIC = re.compile(r"(ihk_[0-9a-z]{12})_")


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as a store keeps it. What a person put there by hand may be the secret alone; the rest is then empty.

    `replaces` are ids of the keys that it took the place of, which a run may have ended before it could revoke.
    """

    secret: Secret
    key_id: UUID | None = None
    stored_at: datetime | None = None
    replaces: tuple[UUID, ...] = ()

    @property
    def prefix(self) -> str | None:
        """The public beginning of the secret, where it has one."""
        found = PUBLIC.match(self.secret.reveal())
        return found[1] if found else None


def encode(record: KeyRecord) -> Sealed:
    """A record as one line of JSON, and the end of the line."""
    document = {
        "secret": record.secret.reveal(),
        "keyId": None if record.key_id is None else str(record.key_id),
        "storedAt": None if record.stored_at is None else record.stored_at.isoformat(),
    }
    if record.replaces:
        document["replaces"] = " ".join(map(str, record.replaces))
    return Sealed(json.dumps(document) + "\n")


def decode(text: Sealed, where: str) -> KeyRecord:
    """The record in `text`: JSON as `encode` makes it, or a secret alone; surrounding white space does not count.

    Raises BadSecret that names `where` it was found and shows nothing of it.
    """
    # Errors of json and datetime hold what they could not read, so nothing is raised while one is being handled.
    record = _read(text.reveal().strip())
    if record is None:
        raise BadSecret(f"what {where} holds is not a key", hint="Put the key there again, or remove what is there.")
    return record


def _read(text: str) -> KeyRecord | None:
    try:
        if not text.startswith("{"):
            return KeyRecord(Secret(text))
        found = json.loads(text)
        key_id, stored_at = found.get("keyId"), found.get("storedAt")
        return KeyRecord(
            secret=Secret(found["secret"]),
            key_id=None if key_id is None else UUID(key_id),
            stored_at=None if stored_at is None else datetime.fromisoformat(stored_at),
            replaces=tuple(map(UUID, found.get("replaces", "").split())),
        )
    except (BadSecret, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None

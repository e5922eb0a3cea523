"""A hub's key as applying needs it, in the store that the target's settings name."""

from dataclasses import dataclass
from datetime import UTC, datetime

from vsmhub.interhub.messages.access import KeyCreated
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord
from vsmhub.secrets.secret import Secret
from vsmhub.secrets.store import SecretStore


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One key in one store."""

    store: SecretStore
    place: Place

    def held(self) -> Secret | None:
        """The key, or None."""
        record = self.store.get(self.place)
        return record.secret if record else None

    def keep(self, created: KeyCreated) -> None:
        """Keep a new key in place of an older one."""
        record = KeyRecord(Secret(created.key or ""), key_id=created.id, stored_at=datetime.now(UTC))
        self.store.put(self.place, record)

    def check_writable(self) -> None:
        """SecretError when nothing could be kept."""
        self.store.prepare(self.place)

    def describe(self) -> str:
        """Where the key is kept, never what it is."""
        return self.store.describe(self.place)

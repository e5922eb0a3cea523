"""A hub's key as applying needs it, in the store that the target's settings name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

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

    def replaced(self) -> frozenset[UUID]:
        """Ids of the keys that the held one took the place of."""
        record = self.store.get(self.place)
        return frozenset(record.replaces) if record else frozenset()

    def keep(self, created: KeyCreated, replacing: Sequence[UUID] = ()) -> None:
        """Keep a new key in place of an older one."""
        self._put(KeyRecord(Secret(created.key or ""), created.id, datetime.now(UTC), tuple(replacing)))

    def keep_by_hand(self, secret: Secret) -> None:
        """Keep a key that a person brought."""
        self._put(KeyRecord(secret, stored_at=datetime.now(UTC)))

    def forget(self) -> bool:
        """Forget the key; whether there was one."""
        return self.store.delete(self.place)

    def check_writable(self) -> None:
        """SecretError when nothing could be kept."""
        self.store.prepare(self.place)

    def _put(self, record: KeyRecord) -> None:
        self.store.put(self.place, record)

    def prefix(self) -> str | None:
        """The public beginning of the key, None where none is kept or it has none."""
        record = self.store.get(self.place)
        return record.prefix if record else None

    def describe(self) -> str:
        """Where the key is kept, never what it is."""
        return self.store.describe(self.place)

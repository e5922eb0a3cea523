"""What applying needs of the operator's secret store: the hub's key, read and kept."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.messages.access import KeyCreated


class HubKeys(Protocol):
    """Where the key of one hub at one target is kept."""

    def held(self) -> Revealing | None:
        """The key, or None where none is kept; SecretError when the store cannot be read."""
        ...

    def replaced(self) -> frozenset[UUID]:
        """Ids of the keys that the held one took the place of when it was kept; they may still have to be revoked."""
        ...

    def keep(self, created: KeyCreated, replacing: Sequence[UUID] = ()) -> None:
        """Keep a new key in place of an older one, and the ids of those it replaces; SecretError when that fails."""
        ...

    def check_writable(self) -> None:
        """SecretError when a new key could not be kept: asked before one is made."""
        ...

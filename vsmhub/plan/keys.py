"""What applying needs of the operator's secret store: the hub's key, read and kept."""

from typing import Protocol

from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.messages.access import KeyCreated


class HubKeys(Protocol):
    """Where the key of one hub at one target is kept."""

    def held(self) -> Revealing | None:
        """The key, or None where none is kept; SecretError when the store cannot be read."""
        ...

    def keep(self, created: KeyCreated) -> None:
        """Keep a new key in place of an older one; SecretError when that fails."""
        ...

    def check_writable(self) -> None:
        """SecretError when a new key could not be kept: asked before one is made."""
        ...

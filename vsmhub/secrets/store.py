"""What every store of secrets can do."""

from typing import Protocol

from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord


class SecretStore(Protocol):
    """A place where secrets are kept. Every method raises SecretError when the store does not work."""

    @property
    def writable(self) -> bool:
        """Whether `put` and `delete` can work at all."""
        ...

    def describe(self, place: Place) -> str:
        """Where the secret of `place` is, for a person; never what it is."""
        ...

    def prepare(self, place: Place) -> None:
        """Make sure, as far as that can be known, that `put` will work; raises what `put` would.

        To be called before a key is made, so that there is none whose secret can go nowhere.
        """
        ...

    def get(self, place: Place) -> KeyRecord | None:
        """What is kept, or None when nothing is. Never None when the store could not look."""
        ...

    def put(self, place: Place, record: KeyRecord) -> None:
        """Keep `record`, in place of what was kept before. When this returns, it can be read again.

        Cut short at any moment, it leaves the old record or the new one.
        """
        ...

    def delete(self, place: Place) -> bool:
        """Forget what is kept; whether there was anything."""
        ...

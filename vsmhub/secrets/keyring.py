"""Secrets in the desktop's keyring (Secret Service, macOS Keychain, …), through the package `keyring`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from vsmhub.secrets.errors import StoreFailed
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord, decode, encode
from vsmhub.secrets.secret import Sealed

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "vsmhub"
T = TypeVar("T")


class KeyringStore:
    """One entry for each secret, of the service `vsmhub`, with `<target>/<name>` as its user name."""

    def __init__(self, backend: "KeyringBackend | None" = None) -> None:
        """`backend` is the one that the machine and its settings choose, unless it is given."""
        self._backend = backend

    @property
    def writable(self) -> bool:
        return True

    def describe(self, place: Place) -> str:
        return f"keyring, service {SERVICE}, user name {place}"

    def prepare(self, place: Place) -> None:
        # A locked keyring asks for its password now rather than when there is a key to keep.
        self.get(place)

    def get(self, place: Place) -> KeyRecord | None:
        found = self._ask("give", place, lambda backend: _sealed(backend.get_password(SERVICE, str(place))))
        return None if found is None else decode(found, self.describe(place))

    def put(self, place: Place, record: KeyRecord) -> None:
        self._ask("take", place, lambda backend: backend.set_password(SERVICE, str(place), encode(record).reveal()))
        if self.get(place) != record:
            raise StoreFailed(
                f"the keyring took the key of {place} and does not have it", hint="Choose another keyring or store."
            )

    def delete(self, place: Place) -> bool:
        if self.get(place) is None:
            return False
        self._ask("remove", place, lambda backend: backend.delete_password(SERVICE, str(place)))
        return True

    def _ask(self, doing: str, place: Place, action: "Callable[[KeyringBackend], T]") -> T:
        backend = self._open()
        try:
            return action(backend)
        except Exception as error:  # noqa: BLE001 - backends are other people's, and raise whatever they like
            failure = type(error).__name__
        # Neither chained nor quoted: what a backend raises may hold the secret.
        raise StoreFailed(
            f"the keyring does not {doing} the key of {place}: {failure}",
            hint="Is it unlocked? `keyring diagnose` tells which one is used.",
        )

    def _open(self) -> "KeyringBackend":
        try:
            import keyring
            import keyring.backends.fail
            import keyring.backends.null
        except ImportError as error:
            raise StoreFailed(
                "the package keyring is not installed",
                hint="Run: pip install 'vsmhub[keyring]', or choose another store.",
            ) from error
        backend = self._backend or keyring.get_keyring()
        if isinstance(backend, (keyring.backends.fail.Keyring, keyring.backends.null.Keyring)):
            raise StoreFailed(
                "this machine has no keyring that could be used", hint="Start or install one, or choose another store."
            )
        return backend


def _sealed(text: str | None) -> Sealed | None:
    return None if text is None else Sealed(text)

"""The keyring store where there is no keyring, or one that fails."""

import sys
from collections.abc import Callable

import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from tests.secrets.records import HERE, RECORD
from vsmhub.secrets.errors import StoreFailed
from vsmhub.secrets.keyring import KeyringStore


class Locked(KeyringBackend):
    """What a desktop's keyring does when its owner closes the window that asks for the password."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(password)


class Forgetful(KeyringBackend):
    """Takes everything and keeps nothing."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_no_keyring_is_not_an_empty_one(backend: Callable[[], KeyringBackend]) -> None:
    store = KeyringStore(backend())
    for action in (store.get, store.prepare, store.delete, lambda place: store.put(place, RECORD)):
        with pytest.raises(StoreFailed, match="no keyring that could be used") as caught:
            action(HERE)
        assert caught.value.hint


def test_a_locked_keyring_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    store = KeyringStore(Locked())  # type: ignore[no-untyped-call]
    with pytest.raises(StoreFailed, match="does not give the key of local/ops-hub: KeyringLocked"):
        store.prepare(HERE)
    with pytest.raises(StoreFailed, match="does not take the key of local/ops-hub: KeyringLocked"):
        store.put(HERE, RECORD)
    assert capsys.readouterr() == ("", "")


def test_a_keyring_that_forgets_is_noticed() -> None:
    with pytest.raises(StoreFailed, match="took the key of local/ops-hub and does not have it"):
        KeyringStore(Forgetful()).put(HERE, RECORD)  # type: ignore[no-untyped-call]


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(StoreFailed, match="not installed") as caught:
        KeyringStore().get(HERE)
    assert "vsmhub[keyring]" in caught.value.hint

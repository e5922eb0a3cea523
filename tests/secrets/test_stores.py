"""One contract for every store that can be written."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.secrets.records import HERE, KEY, NEWER, RECORD
from vsmhub.secrets.command import Commands, CommandStore
from vsmhub.secrets.errors import BadSecret, SecretError
from vsmhub.secrets.file import FileStore
from vsmhub.secrets.keyring import KeyringStore
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord
from vsmhub.secrets.scrubber import Scrubber, WatchedStore
from vsmhub.secrets.secret import Secret
from vsmhub.secrets.store import SecretStore
from vsmhub.secrets.stores import STORES, StoreSettings, open_store

# Keeps each secret as a file, as a wrapper around sops or age would.
SCRIPT = """
import pathlib, sys
root, action, target, name = sys.argv[1:]
path = pathlib.Path(root) / target / name
if action == "read":
    sys.exit(print(path.read_text()) if path.exists() else 1)
elif action == "write":
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sys.stdin.read())
else:
    path.unlink()
"""


def file_store(folder: Path) -> SecretStore:
    return FileStore(folder / "keys")


def keyring_store(folder: Path) -> SecretStore:
    from keyrings.alt.file import PlaintextKeyring  # type: ignore[import-untyped]

    backend = PlaintextKeyring()
    backend.file_path = str(folder / "keyring.cfg")
    return KeyringStore(backend)


def script_store(folder: Path) -> SecretStore:
    def command(action: str) -> tuple[str, ...]:
        return (sys.executable, "-c", SCRIPT, str(folder / "kept"), action, "{target}", "{name}")

    return CommandStore(Commands(read=command("read"), write=command("write"), delete=command("delete")))


def pass_store(folder: Path) -> SecretStore:
    """The real one, with a key of its own that has no passphrase."""
    if not (shutil.which("pass") and shutil.which("gpg")):
        pytest.skip("pass is not installed")
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    environ = {"GNUPGHOME": str(home), "PASSWORD_STORE_DIR": str(folder / "store")}
    new_key = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "ops@example.org", "default", "default"]
    for command in (new_key, ["pass", "init", "ops@example.org"]):
        subprocess.run(command, env={**os.environ, **environ}, check=True, capture_output=True)

    def within(*command: str) -> tuple[str, ...]:
        return ("env", *(f"{name}={value}" for name, value in environ.items()), "pass", *command)

    entry = "vsmhub/{target}/{name}"
    return CommandStore(
        Commands(
            read=within("show", entry),
            write=within("insert", "--multiline", "--force", entry),
            delete=within("rm", "--force", entry),
        )
    )


def watched_store(folder: Path) -> SecretStore:
    return WatchedStore(FileStore(folder / "keys"), Scrubber())


MAKERS: dict[str, Callable[[Path], SecretStore]] = {
    "file": file_store,
    "keyring": keyring_store,
    "script": script_store,
    "pass": pass_store,
    "watched": watched_store,
}


@pytest.fixture(params=MAKERS.values(), ids=list(MAKERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SecretStore]:
    yield request.param(tmp_path)
    if (tmp_path / "gnupg").exists():
        subprocess.run(["gpgconf", "--homedir", str(tmp_path / "gnupg"), "--kill", "all"], check=False)


def test_what_is_put_can_be_read_replaced_and_deleted(store: SecretStore) -> None:
    assert store.writable
    assert store.get(HERE) is None
    assert store.delete(HERE) is False
    store.prepare(HERE)
    assert store.get(HERE) is None
    store.put(HERE, RECORD)
    assert store.get(HERE) == RECORD
    store.prepare(HERE)
    assert store.get(HERE) == RECORD
    store.put(HERE, NEWER)
    assert store.get(HERE) == NEWER
    assert store.delete(HERE) is True
    assert store.get(HERE) is None


def test_each_place_has_its_own(store: SecretStore) -> None:
    others = [Place("local", "operator"), Place("production", "ops-hub")]
    store.put(HERE, RECORD)
    assert [store.get(place) for place in others] == [None, None]
    store.put(others[0], NEWER)
    assert store.get(HERE) == RECORD
    assert store.get(others[0]) == NEWER


def test_a_record_may_be_a_secret_alone(store: SecretStore) -> None:
    alone = KeyRecord(Secret("plain"))
    store.put(HERE, alone)
    assert store.get(HERE) == alone


def test_where_it_is_can_be_told(store: SecretStore) -> None:
    store.put(HERE, RECORD)
    told = store.describe(HERE)
    assert "local" in told
    assert "ops-hub" in told
    assert KEY not in told + repr(store) + str(vars(store))


@pytest.mark.parametrize("kind", STORES)
def test_every_kind_can_be_opened(kind: str, tmp_path: Path) -> None:
    settings = StoreSettings(root=tmp_path, environ={}, commands=Commands(read=("cat", "{target}/{name}")))
    opened = open_store(kind, settings)
    assert opened.writable == (kind in {"file", "keyring"})
    assert opened.describe(HERE)


def test_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="no secret store 'vault'") as caught:
        open_store("vault", StoreSettings(root=tmp_path))
    assert caught.value.hint == "There are file, environment, keyring, command."


def test_a_file_that_a_person_wrote_will_do(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "keys")
    store.prepare(HERE)
    path = tmp_path / "keys" / "local" / "ops-hub.json"
    path.touch(mode=0o600)
    path.write_text(f"  {KEY}\n")
    found = store.get(HERE)
    assert found is not None
    assert (found.secret.reveal(), found.prefix, found.key_id) == (KEY, "ihk_1a2b3c4d5e6f", None)


TORN = [
    "",
    "{",
    '{"secret": ""}',
    '{"secret": "a\\u0000"}',
    '{"keyId": null}',
    '{"secret": "a", "keyId": "b"}',
    "a\nb",
    "[" * 9,
]
TORN += ['{"secret": "a", "storedAt": 5}', "{" * 5000, '{"secret": 5}', "é"]


@pytest.mark.parametrize("text", TORN)
def test_a_torn_file_is_told_without_its_content(text: str, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "keys")
    store.put(HERE, RECORD)
    path = tmp_path / "keys" / "local" / "ops-hub.json"
    path.write_text(text)
    if text == "[" * 9:  # any line could be a secret
        assert store.get(HERE) == KeyRecord(Secret(text))
        return
    with pytest.raises(BadSecret, match=r"ops-hub\.json holds is not a key"):
        store.get(HERE)


def test_modes_are_the_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        FileStore(tmp_path / "a" / "keys").put(HERE, RECORD)
    finally:
        os.umask(before)
    found = {str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a").rglob("*")}
    assert found == {
        "a/keys": 0o700,
        "a/keys/local": 0o700,
        "a/keys/local/.lock": 0o600,
        "a/keys/local/ops-hub.json": 0o600,
    }

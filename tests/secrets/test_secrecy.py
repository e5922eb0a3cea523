"""Whatever happens, a planted secret is not seen."""

import copy
import dataclasses
import io
import json
import logging
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend

import vsmhub
from tests.secrets.records import HERE
from vsmhub.secrets.command import Commands, CommandStore
from vsmhub.secrets.environment import EnvironmentStore
from vsmhub.secrets.errors import BadSecret, SecretError, Unsafe
from vsmhub.secrets.file import FileStore
from vsmhub.secrets.keyring import KeyringStore
from vsmhub.secrets.record import KeyRecord, encode
from vsmhub.secrets.scrubber import Scrubber, WatchedStore
from vsmhub.secrets.secret import Sealed, Secret
from vsmhub.secrets.store import SecretStore

# Long enough not to be found by chance in a path or in a line of code.
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=24, max_size=60)

# Not by the name alone: the clone may have it too, and then the tests' own frames would be taken for these.
OURS = Path(vsmhub.__file__).parent


def shown(thing: object) -> Iterator[str]:
    """Every way in which an object is turned into text without asking for what it hides."""
    yield from (repr(thing), str(thing), f"{thing}", f"{thing!r:>200}", "%s" % (thing,))  # noqa: UP031
    yield json.dumps(thing, default=repr)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        yield repr(dataclasses.asdict(thing))
    yield repr(copy.deepcopy(thing))
    with_text = [text for text in (getattr(thing, "__dict__", {}), getattr(thing, "args", ())) if text]
    yield repr(with_text)


def told(error: BaseException) -> Iterator[str]:
    """An error with all that led to it, and with the variables of every frame that is vsmhub's own."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        yield from (str(one), repr(one), repr(vars(one)))
        yield from traceback.format_exception(one)
        step: TracebackType | None = one.__traceback__
        while step is not None:
            if Path(step.tb_frame.f_code.co_filename).is_relative_to(OURS):
                yield repr(step.tb_frame.f_locals)
            step = step.tb_next


@given(VALUES)
def test_a_secret_and_what_holds_it_show_nothing(value: str) -> None:
    secret = Secret(value)
    for thing in (secret, Sealed(value), KeyRecord(secret), [secret], {"key": secret}, encode(KeyRecord(secret))):
        assert not [text for text in shown(thing) if value in text]
        with pytest.raises(TypeError) as caught:
            pickle.dumps(thing)
        assert value not in str(caught.value)
    with pytest.raises(TypeError):
        json.dumps(secret)
    assert secret == Secret(value)
    assert secret != Sealed(value)
    assert secret.reveal() == value


@given(VALUES, st.sampled_from(["\n", "\x00", "é", "\ud800", "x" * 5000]))
def test_what_is_no_secret_is_refused_unseen(value: str, spoilt: str) -> None:
    with pytest.raises(BadSecret) as caught:
        Secret(value + spoilt)
    assert not [text for text in told(caught.value) if value in text]


class Tattling(KeyringBackend):
    """Puts what it was given into its error, and into its frames."""

    priority = 1

    def __init__(self, value: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.value = value

    def get_password(self, service: str, username: str) -> str | None:
        raise ValueError(self.value)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(password)


READ = "import pathlib, sys; print(pathlib.Path(sys.argv[1]).read_text()); sys.exit(2)"
WRITE = "import sys; text = sys.stdin.read(); print(text); sys.exit(text)"


def broken_file(folder: Path, value: str) -> SecretStore:
    store = FileStore(folder / "keys")
    store.prepare(HERE)
    path = folder / "keys" / "local" / "ops-hub.json"
    path.touch(mode=0o600)
    path.write_text(f'{{"secret": "{value}\n"')
    return store


def blocked_file(folder: Path, value: str) -> SecretStore:
    store = broken_file(folder, value)
    (folder / "keys" / "local" / "ops-hub.json").unlink()
    (folder / "keys" / "local" / "ops-hub.json").mkdir(mode=0o700)
    return store


def tattling_command(folder: Path, value: str) -> SecretStore:
    (folder / "kept").write_text(value)
    read = (sys.executable, "-c", READ, str(folder / "kept"))
    return CommandStore(Commands(read=read, write=(sys.executable, "-c", WRITE)))


def hanging_command(folder: Path, value: str) -> SecretStore:
    return CommandStore(Commands(read=("false",), write=("sleep", "20"), timeout=0.01))


BROKEN: dict[str, Callable[[Path, str], SecretStore]] = {
    "torn file": broken_file,
    "folder in the way": blocked_file,
    "environment": lambda _, value: EnvironmentStore({"VSMHUB_KEY_OPS_HUB": f"{value}\n{value}"}),
    "keyring": lambda _, value: KeyringStore(Tattling(value)),
    "tattling command": tattling_command,
    "hanging command": hanging_command,
    "watched": lambda folder, value: WatchedStore(broken_file(folder, value), Scrubber()),
}


@pytest.mark.parametrize("make", BROKEN.values(), ids=list(BROKEN))
@settings(max_examples=15, deadline=None)
@given(value=VALUES)
def test_no_failure_of_a_store_shows_anything(make: Callable[[Path, str], SecretStore], value: str) -> None:
    with TemporaryDirectory() as folder:
        store = make(Path(folder), value)
        record = KeyRecord(Secret(value))
        failures: list[SecretError] = []
        for action in (store.get, store.prepare, lambda place: store.put(place, record), store.delete):
            try:
                action(HERE)
            except SecretError as error:
                failures.append(error)
        assert failures
        assert not [text for error in failures for text in told(error) if value in text]
        assert not [text for text in shown(store) if value in text]


@given(VALUES)
def test_a_log_shows_nothing_that_was_learnt(value: str) -> None:
    scrubber = Scrubber()
    scrubber.learn(Secret(value))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(scrubber)
    logger = logging.getLogger("tests.secrecy")
    logger.propagate = False
    logger.addHandler(handler)
    logger.warning("the key %s of %r", value, {"key": value})
    logger.warning(value, stack_info=True)
    try:
        raise ValueError(value)
    except ValueError:
        logger.exception("failed with %s", value)
    logger.warning("Authorization: Bearer abcdef and whsec_%s", "a" * 30)
    logger.removeHandler(handler)
    written = stream.getvalue()
    assert value not in written
    assert "ValueError: [hidden]" in written
    assert "Bearer [hidden] and [hidden]" in written
    assert scrubber.clean(f"x{value}y") == "x[hidden]y"


def test_a_watched_store_teaches_its_scrubber(tmp_path: Path) -> None:
    scrubber = Scrubber()
    store = FileStore(tmp_path / "keys")
    store.put(HERE, KeyRecord(Secret("read-from-the-store")))
    watched = WatchedStore(store, scrubber)
    watched.get(HERE)
    watched.put(HERE, KeyRecord(Secret("put-into-the-store")))
    assert scrubber.clean("read-from-the-store put-into-the-store") == "[hidden] [hidden]"
    assert (watched.writable, watched.describe(HERE)) == (store.writable, store.describe(HERE))
    (tmp_path / "keys").chmod(0o755)
    with pytest.raises(Unsafe):
        watched.prepare(HERE)
    (tmp_path / "keys").chmod(0o700)
    assert (watched.delete(HERE), store.get(HERE)) == (True, None)

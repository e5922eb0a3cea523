"""A target opened for a command: found, started where it is the embedded one, and reached with the right keys."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vsmhub.errors import UsageError
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.credentials import Credential, Revealing
from vsmhub.interhub.session import Observer
from vsmhub.paths import Paths
from vsmhub.plan.routes.means import Means
from vsmhub.plan.routes.sql.database import Database
from vsmhub.secrets.command import Commands
from vsmhub.secrets.environment import EnvironmentStore
from vsmhub.secrets.errors import SecretError
from vsmhub.secrets.place import Place
from vsmhub.secrets.secret import Secret
from vsmhub.secrets.store import SecretStore
from vsmhub.secrets.stores import StoreSettings, open_store
from vsmhub.targets.choice import Target, choose
from vsmhub.targets.databases import dsn_of
from vsmhub.targets.keys import StoredKey
from vsmhub.targets.secrecy import watched
from vsmhub.targets.settings import read_settings

if TYPE_CHECKING:
    from vsmhub.interhub.surface.model import Surface
    from vsmhub.server.hosting.local import Running


@dataclass(slots=True)
class _Made:
    """How many requests were made, by whichever clients."""

    requests: int = 0
    _counting: Lock = field(default_factory=Lock)

    def count(self, _method: str, _path: str, _status: int | None, _seconds: float) -> None:
        """One more."""
        with self._counting:
            self.requests += 1


@dataclass(slots=True)
class Opened:
    """A target while it is open: as the operator, and as any hub whose key is kept.

    `means` is what was given besides its API; `surface` what that can do, where it is known without asking.
    """

    target: Target
    paths: Paths
    store: SecretStore
    operator: InterHub
    socket: Path | None = None
    means: Means = field(default_factory=Means)
    surface: "Surface | None" = None
    operator_key: "OperatorKey | None" = None
    _made_as_hub: _Made = field(default_factory=_Made)

    @property
    def name(self) -> str:
        """What plans call the target."""
        return self.target.title

    def as_hub(self, key: Revealing) -> InterHub:
        """The target with a hub's own key; whoever asks closes it."""
        surface = self.surface or self.operator.surface
        # The clients themselves are not kept: who observes for months asks for one every few seconds.
        return _client(self.target, self.operator.url, key, self.socket, surface, self._made_as_hub.count)

    @contextmanager
    def reader_of(self, hub: str, scopes: Sequence[str]) -> Iterator[InterHub]:
        """Who reads what is there about the hub: the operator, or where no operator's key is held the hub itself.

        `scopes` are those of the hub's key. One that may not read would be shown nothing, which looks like no evidence.
        """
        key = None
        if self.operator_key is not None and {"framework:read", f"hub:{hub}:read"} <= set(scopes):
            key = None if self.operator_key.is_held() else self.key_of(hub).held()
        if key is None:
            yield self.operator
        else:
            with self.as_hub(key) as client:
                yield client

    def key_of(self, hub: str) -> StoredKey:
        """Where the hub's key is kept."""
        return StoredKey(self.store, Place.of_hub(self.target.name, hub))

    @property
    def requests_made(self) -> int:
        """All requests made so far, exchanges of keys included."""
        return self.operator.requests_made + self._made_as_hub.requests


@contextmanager
def opened(
    name: str | None, base: str | None, *, dsn: str | None = None, script: Path | None = None
) -> Iterator[Opened]:
    """Open the target that the command line, the environment and `vsmhub.toml` mean.

    The embedded Inter-Hub runs until the block ends. `dsn` is the database behind the target, `script` a file for what
    the database should be told. Raises UsageError for a target that nothing defines, SecretError
    when the operator's key cannot be had, and ServerError when the embedded Inter-Hub cannot start.
    """
    paths = Paths.from_environment(os.environ)
    target = choose(name, base, read_settings(Path.cwd(), paths.config), os.environ)
    store = store_of(target, paths)
    given = dsn_of(dsn, target.settings, os.environ)
    if script is not None:
        if dsn:
            raise UsageError("--dsn and --sql-file are two ways to the same", hint="give one of them")
        given = None
    operator = OperatorKey(store, Place.of_operator(target.name))
    with ExitStack() as stack:
        if target.base is None:
            from vsmhub.server.hosting import local

            running = stack.enter_context(local.inter_hub(paths, os.environ, operator))
            url, socket = running.base, running.socket
            surface = known_surface(running)
        else:
            url, socket, surface = target.base, None, None
        client = stack.enter_context(_client(target, url, operator.held, socket, surface, whose=operator.told))
        means = Means(Database(given) if given else None, script)
        yield Opened(target, paths, store, client, socket, means, surface, operator)


def known_surface(running: "Running") -> "Surface | None":
    """The surface of an embedded Inter-Hub that serves all of the contract; None where it has to be asked."""
    from vsmhub.interhub.surface.reference import reference
    from vsmhub.server.surface import Surface as Served

    return reference() if running.surface is Served.REFERENCE else None


def store_of(target: Target, paths: Paths) -> SecretStore:
    """Where the target's keys are kept; what passes is hidden from all messages."""
    settings = target.settings
    its = settings.command
    commands = Commands(read=its.read, write=its.write, delete=its.delete) if its else None
    root = settings.folder.expanduser() if settings.folder else paths.keys
    return watched(open_store(settings.secrets, StoreSettings(root, os.environ, commands)))


@dataclass(frozen=True, slots=True)
class OperatorKey:
    """The operator's own key: from the environment, then from the target's store."""

    kept: SecretStore
    place: Place

    def held(self) -> Secret:
        """The key; SecretError when there is none."""
        key = self._found()
        if key is None:
            raise SecretError(
                f"there is no operator's key for {self.place.target}",
                hint=f"set IHUB_OPERATOR_KEY, or keep it in {self.kept.describe(self.place)}",
            )
        return key

    def is_held(self) -> bool:
        """Whether there is one."""
        return self._found() is not None

    def told(self) -> str:
        """Which key it is, for messages: one in the environment comes before the one that is kept."""
        given = EnvironmentStore(os.environ)
        where = given if given.get(self.place) else self.kept
        return f"the operator's key ({where.describe(self.place)})"

    def load(self) -> str | None:
        """The key's text, None where none is kept."""
        key = self._found()
        return key.reveal() if key else None

    def store(self, secret: str) -> None:
        """Keep a key that the embedded Inter-Hub has made."""
        from datetime import UTC, datetime

        from vsmhub.secrets.record import KeyRecord

        self.kept.put(self.place, KeyRecord(Secret(secret), stored_at=datetime.now(UTC)))

    def _found(self) -> Secret | None:
        record = watched(EnvironmentStore(os.environ)).get(self.place) or self.kept.get(self.place)
        return record.secret if record else None


def _client(
    target: Target,
    url: str,
    key: Credential,
    socket: Path | None,
    surface: "Surface | Callable[[], Surface] | None",
    on_request: Observer | None = None,
    whose: Callable[[], str] | None = None,
) -> InterHub:
    return InterHub(
        url,
        key,
        socket=socket,
        label=target.name if target.base is None else "",
        insecure=target.settings.insecure,
        adapts=True,
        surface=surface,
        on_request=on_request,
        whose=whose,
    )

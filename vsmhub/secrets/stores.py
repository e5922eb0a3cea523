"""The stores there are, and how each is made from its settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vsmhub.secrets.command import Commands, CommandStore
from vsmhub.secrets.environment import EnvironmentStore
from vsmhub.secrets.errors import SecretError
from vsmhub.secrets.file import FileStore
from vsmhub.secrets.keyring import KeyringStore
from vsmhub.secrets.store import SecretStore


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """What any store may need to be opened; each takes what is its own.

    `root` is where a file store keeps its files, `environ` the environment's variables (values are not shown).
    """

    root: Path
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    commands: Commands | None = None


def _command(settings: StoreSettings) -> SecretStore:
    return CommandStore(settings.commands or Commands(read=()))


STORES: dict[str, Callable[[StoreSettings], SecretStore]] = {
    "file": lambda settings: FileStore(settings.root),
    "environment": lambda settings: EnvironmentStore(settings.environ),
    "keyring": lambda _: KeyringStore(),
    "command": _command,
}


def open_store(kind: str, settings: StoreSettings) -> SecretStore:
    """The store of this kind; SecretError when there is none."""
    make = STORES.get(kind)
    if make is None:
        raise SecretError(f"there is no secret store {kind!r}", hint=f"There are {', '.join(STORES)}.")
    return make(settings)

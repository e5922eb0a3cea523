"""What a probe is, and what it is given."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.spec.targets import Credential

T_contra = TypeVar("T_contra", contravariant=True)


class Revealing(Protocol):
    """A secret that shows its value only when asked; `vsmhub.secrets.Secret` is one."""

    def reveal(self) -> str: ...


class Trust:
    """What certificates are trusted: this machine's, and those in a file besides. Made once; loading is slow."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    @cached_property
    def verifying(self) -> ssl.SSLContext:
        """For connections that end when the certificate is not trusted."""
        context = ssl.create_default_context()
        if self._file is not None:
            context.load_verify_locations(cafile=self._file)
        return context

    @cached_property
    def reading(self) -> ssl.SSLContext:
        """For connections that only show the certificate, or are told not to verify."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


def _no_secret(name: str) -> Revealing | None:  # noqa: ARG001 - it has none, whatever is asked for
    return None


@dataclass(frozen=True)
class Context:
    """What probes share. `wanted` names the facts that conditions look at; what is costly is observed only then."""

    resolver: Resolver
    trust: Trust = field(default_factory=Trust)
    secret: Callable[[str], Revealing | None] = _no_secret
    folder: Path = field(default_factory=Path.cwd)
    commands: bool = False
    wanted: frozenset[str] = frozenset()
    timeout: float = 10.0

    def revealed(self, credential: Credential) -> str:
        """The secret that a credential names; Trouble when the store has none."""
        found = self.secret(credential.secret)
        if found is None:
            raise Trouble(Reason.PROBER, f"the secret store holds no {credential.secret}")
        return found.reveal()


class Probe(Protocol[T_contra]):
    """One look at a target. Writes what it sees into the record, and raises Trouble where it can go no further."""

    async def __call__(self, target: T_contra, context: Context, record: Record) -> None: ...

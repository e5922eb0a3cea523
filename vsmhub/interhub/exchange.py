"""One exchange with a target: what is asked, and what came back or did not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.errors import Nonsense, Unreachable

REPEATABLE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `about` names the object it is for, where there is one; the body is never shown.

    `secrets` are those in the body, so that they can be taken out of what the target says about it.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    authorized: bool = True
    secrets: tuple[Revealing, ...] = field(default=(), repr=False)

    @property
    def can_be_repeated(self) -> bool:
        """Whether sending it twice does it once."""
        return self.method in REPEATABLE or "Idempotency-Key" in self.headers or "If-Match" in self.headers

    def at(self, target: str) -> str:
        """Method, path, target and object, as every error begins."""
        return f"{self.method} {self.path} at {target}" + (f", {self.about}" if self.about else "")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whole. Header names are in lower case; the body may hold secrets and is never shown."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class NoReply:
    """No whole answer came. `again` tells whether asking once more could help."""

    kind: type[Unreachable] | type[Nonsense]
    what: str
    cause: Exception | None = None
    hint: str = ""
    again: bool = True
    too_big: bool = False

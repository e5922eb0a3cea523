"""A static key and the short-lived token it is exchanged for."""

from collections.abc import Callable
from typing import Protocol

from vsmhub.interhub.errors import Nonsense
from vsmhub.interhub.messages.access import Token

# A token is renewed this long before it ends, or after three quarters of a life shorter than two minutes.
MARGIN = 30.0


class Revealing(Protocol):
    """A secret that shows its value only when asked; `vsmhub.secrets.Secret` is one."""

    def reveal(self) -> str: ...


Credential = Revealing | Callable[[], Revealing]
"""A key, or where to get it when it is first needed."""


def key_of(credential: Credential) -> Revealing:
    """The key itself."""
    return credential() if callable(credential) else credential


class Access:
    """A token while it is valid, and until when it is used."""

    __slots__ = ("_token", "until")

    def __init__(self, token: Token, *, asked_at: float, target: str) -> None:
        """`asked_at` is the clock before the exchange, since the token's life starts no earlier.

        Raises Nonsense for a token that no HTTP header can carry, naming the `target`.
        """
        value = token.access_token
        if not value or not value.isascii() or not value.isprintable() or " " in value:
            raise Nonsense(f"POST /token at {target}: 200 with a token that no header can carry")
        self._token = value
        self.until = asked_at + token.expires_in - min(MARGIN, token.expires_in / 4)

    def reveal(self) -> str:
        """The token itself."""
        return self._token

"""How keeping a secret fails. No message holds one, nor anything that a store's program printed as its answer.

SecretError
├── BadSecret       what should be kept, or what a store holds, is not a secret
├── BadPlace        a name that no store can use
├── Unsafe          others could read it there
├── ReadOnly        the store cannot be written
└── StoreFailed     the store, or what it stands on, did not work
"""

from vsmhub.errors import VsmhubError


class SecretError(VsmhubError):
    """A secret cannot be read or kept."""


class BadSecret(SecretError):
    """This is not a secret: empty, not text, or torn."""


class BadPlace(SecretError):
    """No store can keep a secret under this name."""


class Unsafe(SecretError):
    """Others could read the secret there."""


class ReadOnly(SecretError):
    """The store can be read, and that is all."""


class StoreFailed(SecretError):
    """The store did not do what it is there for."""

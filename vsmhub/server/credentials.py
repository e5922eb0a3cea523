"""Secrets that Inter-Hub hands out: API keys, access tokens, webhook secrets; and the hashes kept of them."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field

# 32 random bytes: far too many to try, so that one round of SHA-256 is as good as a slow hash.
_BYTES = 32

_KEY = re.compile(r"(ihk_[0-9a-z]{12})_([A-Za-z0-9_-]{43})")
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class NewKey:
    """An API key in the moment of its making. `prefix` is public, the rest of `text` is not."""

    prefix: str
    text: str = field(repr=False)

    @property
    def hash(self) -> bytes:
        return hashed(self.text)


def new_key() -> NewKey:
    """`ihk_<public>_<secret>`: 12 public characters, which with `ihk_` are the prefix, then 256 secret bits."""
    prefix = "ihk_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return NewKey(prefix=prefix, text=f"{prefix}_{secrets.token_urlsafe(_BYTES)}")


def prefix_of(text: str) -> str | None:
    """The public prefix of what looks like an API key; None for anything else."""
    match = _KEY.fullmatch(text)
    return match.group(1) if match else None


def new_token() -> str:
    """An access token: opaque, 256 bits."""
    return f"iht_{secrets.token_urlsafe(_BYTES)}"


def new_webhook_secret() -> str:
    """A signing secret as Standard Webhooks has it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def hashed(text: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def same(left: bytes, right: bytes) -> bool:
    """Whether two hashes are equal, in a time that does not tell where they differ."""
    return secrets.compare_digest(left, right)

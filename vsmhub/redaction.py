"""Taking secrets out of a text: the ones that are known by value, and whatever looks like one."""

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"

# A key's public prefix is shorter than this, and stays readable; no secret is.
SHORTEST = 20
PATTERNS = (
    re.compile(rf"\b(ihk|iht|whsec)_[A-Za-z0-9+/=_.~-]{{{SHORTEST},}}"),
    re.compile(r"\b(Bearer) +[A-Za-z0-9+/=_.~-]+", re.IGNORECASE),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with every one of `secrets`, and everything that has the form of an Inter-Hub secret, hidden.

    The longest are hidden first, so that one secret inside another leaves nothing of it. Empty ones are skipped.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: f"{found[1]} {HIDDEN}" if found[1].lower() == "bearer" else HIDDEN, text)
    return text

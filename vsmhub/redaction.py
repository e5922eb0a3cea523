"""Taking secrets out of a text: the ones that are known by value, and whatever looks like one."""

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"

# A key's public prefix is shorter than this, and stays readable; no secret is.
SHORTEST = 20
PATTERNS = {
    re.compile(rf"(?:ihk|iht|whsec)_[A-Za-z0-9+/=_.~-]{{{SHORTEST},}}"): HIDDEN,
    re.compile(r"\b(Bearer) +[A-Za-z0-9+/=_.~-]+", re.IGNORECASE): rf"\1 {HIDDEN}",
}


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with every one of `secrets`, and everything that has the form of an Inter-Hub secret, hidden.

    Where one secret lies inside another the longer one counts, so that nothing of it is left. Empty ones are skipped.
    """
    known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    if known:
        text = re.sub("|".join(map(re.escape, known)), HIDDEN, text)
    for pattern, hidden in PATTERNS.items():
        text = pattern.sub(hidden, text)
    return text

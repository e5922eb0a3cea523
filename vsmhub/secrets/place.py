"""Under which name a secret is kept: of which target it is, and for what."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from vsmhub.secrets.errors import BadPlace

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 100
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Place:
    """Two kebab-case words, so that a store can make a path, an argument or a variable of them without any quoting.

    Raises BadPlace for anything else.
    """

    target: str
    name: str

    def __post_init__(self) -> None:
        for word in (self.target, self.name):
            if not KEBAB.fullmatch(word) or len(word) > LONGEST:
                raise BadPlace(f"{word!r} is not a name of at most {LONGEST} lower-case letters, digits and hyphens")

    @classmethod
    def of_hub(cls, target: str, slug: str) -> Self:
        """Where a hub's key for a target is. `target` is its name or its URL."""
        if slug == OPERATOR:
            raise BadPlace(f"a hub named {OPERATOR!r} cannot have a key: that name is the operator's own")
        return cls(kebab(target), slug)

    @classmethod
    def of_operator(cls, target: str) -> Self:
        """Where the operator's own key for a target is."""
        return cls(kebab(target), OPERATOR)

    @property
    def is_operators(self) -> bool:
        return self.name == OPERATOR

    def __str__(self) -> str:
        return f"{self.target}/{self.name}"


def kebab(text: str) -> str:
    """`text` as a kebab-case word, always another one for another text.

    What is a short kebab-case word already stays as it is. What has to be changed gets eight digits of its SHA-256 at
    the end, so that no target is ever handed the key of another one that merely looks like it.
    """
    if KEBAB.fullmatch(text) and len(text) <= LONGEST:
        return text
    words = re.sub(r"[^a-z0-9]+", "-", text.partition("://")[2].lower() or text.lower()).strip("-")
    digits = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    stem = words[: LONGEST - 9].strip("-")
    return f"{stem}-{digits}" if stem else digits

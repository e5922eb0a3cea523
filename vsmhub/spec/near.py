"""What somebody may have meant who wrote a word that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `word`, whatever the case of letters; None when none is near."""
    return _nearest(word, tuple(choices))


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint for whoever wrote `word`, or nothing when no choice is near."""
    found = nearest(word, choices)
    return f"did you mean `{found}`?" if found else ""


# A spec with many widgets can repeat one mistake as often; the comparison is the slow part of complaining.
@lru_cache(maxsize=1024)
def _nearest(word: str, choices: tuple[str, ...]) -> str | None:
    by_shape = {choice.casefold().replace("_", "-"): choice for choice in choices}
    close = get_close_matches(word[:200].casefold().replace("_", "-"), by_shape, n=1, cutoff=0.7)
    return by_shape[close[0]] if close else None

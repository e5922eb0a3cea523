"""Secrets taken out of evidence before it is stored: known ones, whatever looks like one, and members named for one.

Most evidence holds none, and taking each of its texts through every pattern would cost more than all else that is done
with it. So the whole is first looked at once for words without which no pattern fits.
"""

import json
import re
from collections.abc import Iterable, Mapping

from pydantic import JsonValue
from pydantic_core import to_json

from vsmhub.redaction import HIDDEN, redact

NAMES = re.compile(
    r"(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie)$",
    re.IGNORECASE,
)
"""How the names of members end whose texts are secrets."""

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), HIDDEN),
    (re.compile(r"(://)[^/\s:@]*:[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"\b(Basic) +[A-Za-z0-9+/=]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), HIDDEN),
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AGE-SECRET-KEY-)[A-Za-z0-9_-]{10,}"), HIDDEN),
    (re.compile(r"\bAKIA[0-9A-Z]{16}\b"), HIDDEN),
    (re.compile(r"(?i)\b((?:password|passwd|secret|token|api[_-]?key)\s*[=:]\s*)[^\s,;&\"']+"), rf"\1{HIDDEN}"),
)


SIGNS: tuple[str, ...] = (
    *("basic", "bearer", "eyj", "glpat-", "xox", "akia"),
    *("passw", "passphrase", "secret", "token", "key", "authorization", "cookie"),
)
UNDERSCORED: tuple[str, ...] = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "ihk_", "iht_", "whsec_")
"""Without one of these, in lower case, no pattern fits, above or of `vsmhub.redaction`, but that of addresses with a
password, and no name. Those with an underscore need not be looked for where there is none."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


def stored(value: Mapping[str, object], secrets: Iterable[str] = ()) -> str:
    """`value` as JSON without secrets; what JSON does not have becomes a text."""
    text = _encoded(value)
    known = tuple(secrets)
    if not _suspicious(text, known):
        return text
    return _ENCODER.encode(cleaned(json.loads(text), known))


def _encoded(value: Mapping[str, object]) -> str:
    """What `_ENCODER` gives, in a third of the time; it is asked itself about what the quicker one does not take."""
    try:
        return to_json(value, inf_nan_mode="constants", fallback=str).decode()
    except ValueError:  # also PydanticSerializationError
        return _ENCODER.encode(value)


def _suspicious(text: str, secrets: tuple[str, ...]) -> bool:
    lowered = text.lower()
    if any(map(lowered.__contains__, SIGNS)) or ("@" in lowered and "://" in lowered):
        return True
    if "_" in lowered and any(map(lowered.__contains__, UNDERSCORED)):
        return True
    return any(_ENCODER.encode(secret)[1:-1] in text for secret in secrets)


def cleaned(value: JsonValue, secrets: Iterable[str] = ()) -> JsonValue:
    """`value` without secrets. `secrets` are those known by value."""
    return _cleaned(value, tuple(secrets))


def _cleaned(value: JsonValue, secrets: tuple[str, ...]) -> JsonValue:
    match value:
        case str():
            return _text(value, secrets)
        case list():
            return [_cleaned(item, secrets) for item in value]
        case dict():
            return {
                _text(name, secrets): HIDDEN
                if isinstance(inner, str) and NAMES.search(name)
                else _cleaned(inner, secrets)
                for name, inner in value.items()
            }
        case _:
            return value


def _text(text: str, secrets: tuple[str, ...]) -> str:
    found = redact(text, secrets)
    for pattern, hidden in PATTERNS:
        found = pattern.sub(hidden, found)
    return found

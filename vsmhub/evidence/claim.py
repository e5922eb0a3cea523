"""What an event proves, and until when: the part of its metadata that gates and the catalog read.

It lies under the one key `evidence`, so that it never meets what a hub says in metadata of its own:

    {"endpoint": "https://…", "evidence": {"outcome": "pass", "collectedAt": "…", "expiresAt": "…", "id": "…", …}}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self

from pydantic import JsonValue

from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.probes.observation import Reason
from vsmhub.interhub.messages.standing import KEY, Proof

__all__ = ["KEY", "Claim", "rfc3339"]

_REASONS = frozenset(Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement about reality.

    `id` is that of its envelope, and the same wherever the evidence goes; `by` says who states it: a signal, or a
    person. `link` and `digest` lead to what a person's statement rests on.
    """

    outcome: Outcome
    collected_at: datetime
    expires_at: datetime | None = None
    id: str = ""
    by: str = ""
    signal: str | None = None
    reason: Reason | None = None
    said: str = ""
    link: str | None = None
    digest: str | None = None

    def metadata(self) -> dict[str, JsonValue]:
        """As it stands in an event's metadata; what is not there is left out."""
        found: dict[str, JsonValue] = {
            "id": self.id,
            "outcome": self.outcome.value,
            "by": self.by,
            "collectedAt": rfc3339(self.collected_at),
            "expiresAt": rfc3339(self.expires_at) if self.expires_at else None,
            "signal": self.signal,
            "reason": self.reason.value if self.reason else None,
            "said": self.said or None,
            "link": self.link,
            "digest": self.digest,
        }
        return {KEY: {name: value for name, value in found.items() if value is not None}}

    @classmethod
    def read(cls, metadata: Mapping[str, JsonValue]) -> Self | None:
        """The claim in an event's metadata; None when it holds none, or one that cannot be understood."""
        proof = Proof.read(metadata)
        found = metadata.get(KEY)
        if proof is None or not isinstance(found, Mapping):
            return None
        reason = found.get("reason")
        return cls(
            outcome=Outcome(proof.outcome),
            collected_at=proof.collected_at,
            expires_at=proof.expires_at,
            id=_text(found, "id") or "",
            by=proof.by,
            signal=proof.signal,
            # A newer prober may know more reasons; what it found still counts.
            reason=Reason(reason) if isinstance(reason, str) and reason in _REASONS else None,
            said=proof.said,
            link=_text(found, "link"),
            digest=_text(found, "digest"),
        )


def rfc3339(at: datetime) -> str:
    """A time in UTC as evidence says it, to the millisecond."""
    return _rfc3339(at)


# One observation says its time in several places.
@lru_cache(maxsize=4096)
def _rfc3339(at: datetime) -> str:
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{there.isoformat(timespec='milliseconds')[: -len('+00:00')]}Z"


def _text(found: Mapping[str, JsonValue], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) else None

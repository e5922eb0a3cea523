"""What an event proves, and until when: the part of its metadata that gates and the catalog read.

It lies under the one key `evidence`, so that it never meets what a hub says in metadata of its own:

    {"endpoint": "https://…", "evidence": {"outcome": "pass", "collectedAt": "…", "expiresAt": "…", "id": "…", …}}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from pydantic import JsonValue

from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.probes.observation import Reason

KEY = "evidence"


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
        found = metadata.get(KEY)
        if not isinstance(found, Mapping):
            return None
        try:
            reason = found.get("reason")
            return cls(
                outcome=Outcome(str(found["outcome"])),
                collected_at=_moment(found["collectedAt"]),
                expires_at=_moment(found["expiresAt"]) if found.get("expiresAt") is not None else None,
                id=_text(found, "id") or "",
                by=_text(found, "by") or "",
                signal=_text(found, "signal"),
                reason=Reason(str(reason)) if reason is not None else None,
                said=_text(found, "said") or "",
                link=_text(found, "link"),
                digest=_text(found, "digest"),
            )
        except (KeyError, ValueError):
            return None


def rfc3339(at: datetime) -> str:
    """A time in UTC as evidence says it, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: JsonValue) -> datetime:
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError("a time has an offset")
    return found


def _text(found: Mapping[str, JsonValue], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) else None

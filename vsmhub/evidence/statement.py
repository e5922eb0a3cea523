"""Evidence that people give: events, remarks and attestations about a hub's widgets, checked against its spec.

What is emitted carries the hub's VSM classification, as the workplan's first event does.
"""

import getpass
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from vsmhub.errors import UsageError
from vsmhub.evidence.claim import KEY, Claim
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.judgement import Outcome
from vsmhub.spec.complaint import quoted
from vsmhub.spec.model import HubSpec
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.spans import LONGEST

ATTESTED = "attested"
DIGEST = re.compile(r"sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What evidence is about; `spec` holds every widget that is declared."""

    spec: HubSpec
    widget: str

    def __post_init__(self) -> None:
        """Raises UsageError for a widget that the hub does not have."""
        demand(self.widget, [one.slug for one in self.spec.widgets], "widget", self.spec)

    @property
    def source(self) -> str:
        """Where people's evidence comes from, as CloudEvents have it."""
        return f"urn:vsmhub:{self.spec.hub.slug}:people"

    @property
    def view_context(self) -> str:
        """The widget's own."""
        return next(one.view_context for one in self.spec.widgets if one.slug == self.widget)


def demand(word: str, known: Sequence[str], what: str, spec: HubSpec) -> None:
    """UsageError unless `word` is one of the hub's own."""
    if word not in known:
        hint = did_you_mean(word, known) or f"known are: {', '.join(sorted(known)[:20])}"
        raise UsageError(f"{spec.hub.slug} has no {what} {quoted(word)}", hint=hint)


def classified(spec: HubSpec, metadata: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Metadata with the hub's classification before it, unless it says so itself."""
    own = {"vsmFunction": spec.vsm.vsm_function.value, "vsmSystem": spec.vsm.vsm_system.value}
    return {**own, **metadata}


def _check_metadata(metadata: Mapping[str, JsonValue]) -> None:
    """UsageError for members by which an event would say that it proves something, past what is checked."""
    for name in (KEY, ATTESTED):
        if name in metadata:
            raise UsageError(
                f"the member {name} of an event's metadata says what it proves, and is not for others",
                hint="say it with --outcome and --valid-for (outcome and validFor in a line), or with vsmhub attest",
            )


def event(
    subject: Subject,
    event_type: str,
    *,
    metadata: Mapping[str, JsonValue],
    view_context: str | None = None,
    outcome: Outcome | None = None,
    valid_for: timedelta | None = None,
    at: datetime | None = None,
    actor: str | None = None,
    name: str | None = None,
) -> Envelope:
    """An event. With an `outcome` it proves something, for as long as it is valid; `name` makes it the same again."""
    demand(event_type, list(subject.spec.vocabulary.event_types), "event type", subject.spec)
    _check_span(valid_for)
    _check_metadata(metadata)
    if valid_for is not None and outcome is None:
        raise UsageError("only what proves something counts for some time", hint="say its outcome as well")
    collected = at or datetime.now(UTC)
    actor = actor or whoever()
    proof: dict[str, JsonValue] = {}
    if outcome is not None:
        expires = _end(collected, valid_for) if valid_for is not None else None
        proof = Claim(outcome=outcome, collected_at=collected, expires_at=expires, by=actor).metadata()
    return Envelope.event(
        subject.spec.hub.slug,
        subject.widget,
        event_type,
        source=subject.source,
        view_context=view_context or subject.view_context,
        metadata={**classified(subject.spec, metadata), **proof},
        actor=actor,
        at=collected,
        name=name,
    )


def attestation(
    subject: Subject,
    event_type: str,
    *,
    by: str,
    statement: str,
    outcome: Outcome,
    valid_for: timedelta,
    link: str | None = None,
    digest: str | None = None,
    metadata: Mapping[str, JsonValue] | None = None,
) -> Envelope:
    """A named person's statement, with what it rests on and until when it counts."""
    demand(event_type, list(subject.spec.vocabulary.event_types), "event type", subject.spec)
    _check_span(valid_for)
    _check_metadata(metadata or {})
    if not by.strip() or not statement.strip():
        raise UsageError("a statement has somebody who states it, and says something", hint="give both a text")
    if digest is not None and not DIGEST.fullmatch(digest):
        raise UsageError(f"{quoted(digest)} is no digest", hint="such as sha256: and 64 hexadecimal digits")
    at = datetime.now(UTC)
    claim = Claim(
        outcome=outcome, collected_at=at, expires_at=at + valid_for, by=by, said=statement, link=link, digest=digest
    )
    return Envelope.event(
        subject.spec.hub.slug,
        subject.widget,
        event_type,
        source=subject.source,
        view_context=subject.view_context,
        metadata={**classified(subject.spec, metadata or {}), ATTESTED: True, **claim.metadata()},
        actor=by,
        at=at,
    )


def _end(collected: datetime, valid_for: timedelta) -> datetime:
    try:
        return collected + valid_for
    except OverflowError as error:
        raise UsageError("evidence counts until the year 9999 at most", hint="look at when it happened") from error


def _check_span(valid_for: timedelta | None) -> None:
    if valid_for is not None and not timedelta(0) < valid_for <= timedelta(seconds=LONGEST):
        raise UsageError("evidence counts for longer than no time and at most 100 years", hint="such as 12h or 30d")


def remark(
    subject: Subject, category: str, body: str, *, metadata: Mapping[str, JsonValue], actor: str | None = None
) -> Envelope:
    """An annotation."""
    demand(category, list(subject.spec.vocabulary.annotation_categories), "annotation category", subject.spec)
    return Envelope.annotation(
        subject.spec.hub.slug,
        subject.widget,
        category,
        body,
        source=subject.source,
        metadata=metadata,
        actor=actor or whoever(),
    )


def whoever() -> str:
    """Who runs this, by the name of the account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"

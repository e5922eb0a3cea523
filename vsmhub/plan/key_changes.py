"""The changes to a hub's key: made where none is usable, revoked where nobody holds it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.messages.access import Key
from vsmhub.plan.desired import Desired, Fields
from vsmhub.plan.errors import KeyElsewhere
from vsmhub.plan.live import Live, usable
from vsmhub.plan.model import Action, Change, FieldChange, Kind
from vsmhub.plan.objects import created

CLAIM_WITHIN = 600
"""Seconds in which a new key must be exchanged. An apply does so at once; the limit is for answers lost on the way."""

ELSEWHERE = "is in use and is not in this store"
"""What a note says of a key without which widgets and events can only be looked at."""

REPLACED_BY = "replaced_by"
"""The field of a revocation that names the key, held here, which has to be proven first."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the operator's store holds for the hub, and whether a new key is asked for all the same.

    `replaced` are ids of the keys in whose place the held one was kept. Who is `only_looking` makes nothing of the
    plan, so that a key which is held elsewhere is no reason to refuse it.
    """

    key: Revealing | None = None
    replace: bool = False
    replaced: frozenset[UUID] = frozenset()
    only_looking: bool = False

    def is_of(self, key: Key) -> bool:
        """Whether it is this key that is held: a secret begins with its key's prefix."""
        return self.key is not None and self.key.reveal().startswith(key.prefix)


def key_changes(declared: Desired, live: Live, held: Held, after: tuple[str, ...]) -> Iterator[Change]:
    if Kind.KEY in live.unseen:
        yield from _unseen_key(declared, live, held, after)
        return
    named = [key for key in live.keys if key.name == declared.key and usable(key)]
    # One that a person made may have another name.
    mine = next((key for key in live.keys if held.is_of(key) and usable(key)), None)
    # An unclaimed key that is not held was made by a run that ended before it could store it: nobody has it.
    lost = [key for key in named if key.claim_by is not None and not held.is_of(key)]
    # These were held here until the held one was kept in their place; a run ended before it could revoke them.
    left = [key for key in named if key.claim_by is None and not held.is_of(key) and key.id in held.replaced]
    elsewhere = [key for key in named if key.claim_by is None and not held.is_of(key) and key not in left]
    replaced = [mine] if mine and (held.replace or set(mine.scopes) != set(declared.key_scopes)) else []
    if held.replace:
        replaced += elsewhere
    creation: Change | None = None
    if replaced or (mine is None and (not elsewhere or held.replace)):
        creation = _creation(declared, _why_a_key(live, held, replaced=bool(replaced)), after)
        yield creation
    for key in lost:
        yield revocation(key, "it was never claimed and is not in this store: nobody holds it", after)
    for key in left:
        reason = "the key that took its place is held here, and nobody holds this one"
        in_place = (FieldChange(field=REPLACED_BY, after=mine.prefix),) if mine and creation is None else ()
        yield revocation(key, reason, (creation.id,) if creation else after, in_place)
    for key in replaced:
        # The new key is stored and proven before an old one is revoked.
        yield revocation(key, "a new key replaces it", (creation.id,) if creation else after)


def _unseen_key(declared: Desired, live: Live, held: Held, after: tuple[str, ...]) -> Iterator[Change]:
    """A key where none are shown: what the held one opens is all that is known."""
    if held.key is None:
        yield _creation(declared, "no key is held here, and this target does not show what keys there are", after)
    elif live.opened is None:
        yield _creation(declared, "the key held here opens nothing", after)
    elif held.replace:
        yield _creation(declared, "a new key was asked for; the old one has to be revoked by hand", after)
    elif missing := set(declared.key_scopes) - live.opened:
        yield _creation(declared, f"the key held here does not open {', '.join(sorted(missing))}", after)


def _creation(declared: Desired, reason: str, after: tuple[str, ...]) -> Change:
    fields: Fields = {"name": declared.key, "scopes": list(declared.key_scopes), "claim_within": CLAIM_WITHIN}
    return created(Kind.KEY, declared.key, fields, reason, after)


def _why_a_key(live: Live, held: Held, *, replaced: bool) -> str:
    if replaced:
        return "the scopes differ" if not held.replace else "a new key was asked for"
    if held.key is None:
        return "the consumer has no key"
    known = next((key for key in live.keys if held.is_of(key)), None)
    if known is None:
        return "the key held here is not known to the target"
    return f"the key held here ({known.prefix}) " + ("has been revoked" if known.revoked_at else "has expired")


def revocation(key: Key, reason: str, after: tuple[str, ...] = (), fields: tuple[FieldChange, ...] = ()) -> Change:
    """The end of a key."""
    return Change(
        kind=Kind.KEY,
        name=key.prefix,
        action=Action.REVOKE,
        reason=reason,
        fields=fields,
        depends_on=after,
        object_id=key.id,
        revision=key.revision,
    )


def key_notes(declared: Desired, live: Live, held: Held, changes: tuple[Change, ...]) -> tuple[str, ...]:
    """What to say of a key that is used elsewhere; KeyElsewhere where the plan needs it."""
    key_is_made = any(change.kind is Kind.KEY and change.action is Action.CREATE for change in changes)
    elsewhere = [key for key in live.keys if key.name == declared.key and usable(key) and not held.is_of(key)]
    if key_is_made or not elsewhere or any(held.is_of(key) and usable(key) for key in live.keys):
        return ()
    prefixes = ", ".join(key.prefix for key in elsewhere)
    said = f"the key of {declared.hub} ({prefixes}) {ELSEWHERE}"
    if not held.only_looking and any(change.kind in {Kind.WIDGET, Kind.EVIDENCE} for change in changes):
        raise KeyElsewhere(
            f"{said}, and this plan needs it",
            hint="run this where the key is kept, or add --replace-key to make a new one and revoke that one",
        )
    return (said,)

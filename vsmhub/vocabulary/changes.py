"""What changed between two versions of a vocabulary, whom it breaks, and what version that asks for.

Removing a name breaks whoever emits or reads it. Deprecating one asks people to move, and breaks nobody yet. Adding one
breaks nobody. A name that goes from one vocabulary to another is removed from the first. What a hub says of itself
(slug, function, system) is what others find and classify it by, so changing that breaks them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from vsmhub.vocabulary.kinds import Kind
from vsmhub.vocabulary.published import Meaning, Published
from vsmhub.vocabulary.version import SemanticVersion, Step


class Impact(StrEnum):
    """What a change does to those who use the vocabulary."""

    BREAKING = "breaking"
    DEPRECATING = "deprecating"
    COMPATIBLE = "compatible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """How often a name is in use live; `more` when counting ended before all events were counted."""

    widgets: int = 0
    events: int = 0
    annotations: int = 0
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.widgets or self.events or self.annotations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `kind` is None for what concerns the hub and no name of it; `uses` is None when nobody counted."""

    impact: Impact
    step: Step
    what: str
    name: str
    reason: str
    kind: Kind | None = None
    replaced_by: str | None = None
    uses: Uses | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all changes together ask of the manifest's version, and whether it has it.

    `needed` is the lowest version that will do. `problem` is empty when the version is right.
    """

    before: str
    after: str
    step: Step
    needed: str
    problem: str = ""

    @property
    def satisfied(self) -> bool:
        return not self.problem


CountUses = Callable[[Kind, str], Uses]
"""How often a name is in use; asks a live Inter-Hub, or whatever else knows."""


def changes(before: Published, after: Published) -> tuple[Change, ...]:
    """Every change from one version to the other, the breaking ones first, in the vocabularies' order."""
    found = (*_hub(before, after), *(change for kind in Kind for change in _vocabulary(kind, before, after)))
    return tuple(sorted(found, key=lambda change: list(Impact).index(change.impact)))


def counted(found: Sequence[Change], count: CountUses) -> tuple[Change, ...]:
    """The changes with the live use of the names that others may have to stop using."""
    return tuple(
        replace(change, uses=count(change.kind, change.name))
        if change.kind and change.impact is not Impact.COMPATIBLE
        else change
        for change in found
    )


def verdict(before: Published, after: Published, found: Sequence[Change]) -> Verdict:
    """Whether the version moved as far as the changes ask for."""
    old, new = SemanticVersion(before.version), SemanticVersion(after.version)
    step = max((change.step for change in found), default=Step.NONE)
    needed = old.after(step)
    problem = ""
    if new < old:
        problem = f"the manifest goes back from version {old} to {new}"
    elif not old.allows(new, step):
        problem = f"the manifest's version is {new}; after {old}, these changes ask for {needed} or later"
    return Verdict(before=str(old), after=str(new), step=step, needed=str(needed), problem=problem)


def _hub(before: Published, after: Published) -> Iterator[Change]:
    for key, value in after.classification.items():
        known = before.classification.get(key)
        if known is not None and known != value:
            reason = f"it was {known} and is {value}; others find and classify the hub by it"
            yield Change(impact=Impact.BREAKING, step=Step.MAJOR, what="changed", name=key, reason=reason)
    if before.scope is not None and before.scope != after.scope:
        reason = "the scope says something else"
        yield Change(impact=Impact.COMPATIBLE, step=Step.PATCH, what="changed", name="scope", reason=reason)


def _vocabulary(kind: Kind, before: Published, after: Published) -> Iterator[Change]:
    old, new = before.names.get(kind, {}), after.names.get(kind, {})
    for name, meaning in old.items():
        if name in new:
            yield from _same(kind, name, meaning, new[name])
        else:
            yield _removed(kind, name, meaning, after)
    for name in new:
        if name not in old:
            yield Change(
                impact=Impact.COMPATIBLE, step=Step.MINOR, what="added", name=name, kind=kind, reason="a new name"
            )


def _removed(kind: Kind, name: str, meaning: Meaning, after: Published) -> Change:
    elsewhere = next((other for other in Kind if name in after.names.get(other, {})), None)
    if elsewhere:
        reason = f"it is {elsewhere.one} now, and no {kind.words} any more"
    elif meaning.deprecated:
        reason = f"it was deprecated since {meaning.deprecated.since}; new rows of it are refused from now on"
    else:
        reason = "it was never deprecated; new rows of it are refused from now on"
    return Change(
        impact=Impact.BREAKING,
        step=Step.MAJOR,
        what="moved" if elsewhere else "removed",
        name=name,
        kind=kind,
        reason=reason,
        replaced_by=meaning.deprecated.replaced_by if meaning.deprecated else None,
    )


def _same(kind: Kind, name: str, old: Meaning, new: Meaning) -> Iterator[Change]:
    if new.deprecated and not old.deprecated:
        instead = new.deprecated.replaced_by
        reason = f"use {instead} instead" if instead else "nothing takes its place"
        yield Change(
            impact=Impact.DEPRECATING,
            step=Step.MINOR,
            what="deprecated",
            name=name,
            kind=kind,
            reason=f"{reason}: {new.deprecated.reason}" if new.deprecated.reason else reason,
            replaced_by=instead,
        )
    elif old.deprecated and not new.deprecated:
        yield Change(
            impact=Impact.COMPATIBLE,
            step=Step.MINOR,
            what="restored",
            name=name,
            kind=kind,
            reason=f"it was deprecated since {old.deprecated.since} and is not any more",
        )
    elif old.deprecated != new.deprecated:
        reason = "its deprecation says something else"
        yield _described(kind, name, reason)
    if old.description is not None and old.description != new.description:
        yield _described(kind, name, "its description says something else")


def _described(kind: Kind, name: str, reason: str) -> Change:
    return Change(impact=Impact.COMPATIBLE, step=Step.PATCH, what="described", name=name, kind=kind, reason=reason)

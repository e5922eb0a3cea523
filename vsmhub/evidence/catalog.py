"""An inventory as a graph that questions walk through: what runs on what, and what fails with what. No I/O."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from vsmhub.evidence.errors import EvidenceError
from vsmhub.spec.folder import HubFolder
from vsmhub.spec.inventory.document import Inventory, Ref
from vsmhub.spec.inventory.entry import Entry, EntryKind
from vsmhub.spec.inventory.links import RelationKind
from vsmhub.spec.inventory.relations import Relation, environments, relations
from vsmhub.spec.inventory.widgets import widget_slugs
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.signals import Signal

_BELONGS = frozenset({RelationKind.RUNS_ON, RelationKind.PART_OF})
# What fails when the target fails; an instance is turned round, for a service fails with its deployments.
_NEEDS = frozenset(
    {
        RelationKind.RUNS_ON,
        RelationKind.PART_OF,
        RelationKind.EXPOSED_BY,
        RelationKind.USES,
        RelationKind.DEPENDS_ON,
        RelationKind.MOVES,
        RelationKind.ROLLED_BACK_BY,
    }
)


class Step(NamedTuple):
    """Something found on a way through the inventory, with the way there; the first is where it began."""

    ref: Ref
    way: tuple[Ref, ...]


class Catalog:
    """An inventory, ready to be asked. Raises EvidenceError for a hub that has none."""

    def __init__(self, folder: HubFolder) -> None:
        if folder.inventory is None:
            hint = f"write {folder.path}/inventory.yaml; docs/inventory.md tells how"
            raise EvidenceError(f"{folder.hub.hub.slug} has no inventory", hint=hint)
        self.folder = folder
        self.inventory: Inventory = folder.inventory
        self.entries: Mapping[Ref, Entry] = dict(self.inventory.entries())
        self.slugs: Mapping[Ref, str] = widget_slugs(self.inventory, folder.hub)
        self.places: Mapping[Ref, tuple[str, ...]] = environments(self.inventory)
        self.signals: Sequence[Signal] = folder.signals.signals if folder.signals else ()
        self._watched = {one.about for one in self.signals}
        self._emitted = {emission.widget for one in self.signals for emission in one.emits}
        self._from: dict[Ref, list[Relation]] = defaultdict(list)
        self._to: dict[Ref, list[Relation]] = defaultdict(list)
        for one in relations(self.inventory):
            self._from[one.subject].append(one)
            self._to[one.target].append(one)

    def find(self, name: str, prefer: Sequence[EntryKind] = ()) -> tuple[Ref, ...]:
        """The entries that a person means: by `kind/key`, key, widget or name; all of them where several are meant.

        Entries of the kinds in `prefer` come before any others. Raises EvidenceError when there is none.
        """
        wanted = name.strip().casefold()
        found = [
            ref
            for ref, entry in self.entries.items()
            if wanted in (str(ref), ref.key, self.slugs.get(ref, ""), entry.name.casefold())
        ]
        if not found:
            known = dict.fromkeys([*(ref.key for ref in self.entries), *map(str, self.entries)])
            hint = did_you_mean(name, known) or "vsmhub catalog without a question lists the services"
            raise EvidenceError(f"the inventory has nothing called {name}", hint=hint)
        preferred = [ref for ref in found if ref.kind in prefer]
        return tuple(preferred or found)

    def of_kind(self, kind: EntryKind) -> tuple[Ref, ...]:
        """All entries of a kind."""
        return tuple(ref for ref in self.entries if ref.kind is kind)

    def is_watched(self, ref: Ref) -> bool:
        """Whether a signal looks at an entry."""
        return ref.key in self._watched or self.slugs.get(ref) in self._emitted

    def targets(self, ref: Ref, *kinds: RelationKind) -> tuple[Ref, ...]:
        """What an entry is in these relations to."""
        return tuple(one.target for one in self._from[ref] if one.kind in kinds)

    def subjects(self, ref: Ref, *kinds: RelationKind) -> tuple[Ref, ...]:
        """What is in these relations to an entry."""
        return tuple(one.subject for one in self._to[ref] if one.kind in kinds)

    def deployments(self, ref: Ref) -> tuple[Ref, ...]:
        """The deployments that are meant by a service or by one of them."""
        match ref.kind:
            case EntryKind.SERVICE:
                return self.subjects(ref, RelationKind.INSTANCE_OF)
            case EntryKind.DEPLOYMENT:
                return (ref,)
            case EntryKind.ENDPOINT:
                return self.targets(ref, RelationKind.EXPOSED_BY)
            case _:
                return ()

    def endpoints(self, ref: Ref) -> tuple[Ref, ...]:
        """The endpoints of a service or a deployment, or the endpoint itself."""
        if ref.kind is EntryKind.ENDPOINT:
            return (ref,)
        return tuple(one for own in self.deployments(ref) for one in self.subjects(own, RelationKind.EXPOSED_BY))

    def datastores(self, ref: Ref) -> tuple[Ref, ...]:
        """The datastores that a service uses, in any deployment or everywhere."""
        used = [one for own in self.deployments(ref) for one in self.targets(own, RelationKind.USES)]
        everywhere = self.targets(ref, RelationKind.DEPENDS_ON)
        return tuple(dict.fromkeys(one for one in (*used, *everywhere) if one.kind is EntryKind.DATASTORE))

    def on(self, refs: Iterable[Ref]) -> Iterator[Step]:
        """What runs on places or is a part of them, directly or on something that does."""
        return self._walk(refs, lambda ref: self.subjects(ref, *_BELONGS))

    def below(self, ref: Ref) -> Iterator[Step]:
        """What an entry runs on, down to the host."""
        return self._walk([ref], lambda one: self.targets(one, RelationKind.RUNS_ON))

    def dependants(self, refs: Iterable[Ref]) -> Iterator[Step]:
        """What fails when one of these fails, directly or through something that does."""
        return self._walk(refs, self._fails_with)

    def _fails_with(self, ref: Ref) -> tuple[Ref, ...]:
        return (*self.subjects(ref, *_NEEDS), *self.targets(ref, RelationKind.INSTANCE_OF))

    def _walk(self, refs: Iterable[Ref], following: Callable[[Ref], Iterable[Ref]]) -> Iterator[Step]:
        """Breadth first, so that each is found by a shortest way; no entry twice, and none that it began with."""
        begin = list(refs)
        seen = set(begin)
        queue = [Step(ref, (ref,)) for ref in begin]
        for step in queue:
            for ref in following(step.ref):
                if ref not in seen:
                    seen.add(ref)
                    queue.append(Step(ref, (*step.way, ref)))
        yield from queue[len(begin) :]

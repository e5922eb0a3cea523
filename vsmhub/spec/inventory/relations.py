"""How the entries of an inventory hang together, as plain pairs that pages and questions are made from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vsmhub.spec.inventory.document import Inventory, Ref
from vsmhub.spec.inventory.entry import Entry, EntryKind
from vsmhub.spec.inventory.facts import Fact
from vsmhub.spec.inventory.links import LINKS, RelationKind


class Relation(NamedTuple):
    """`subject` is `kind` `target`."""

    subject: Ref
    kind: RelationKind
    target: Ref


def relations(inventory: Inventory) -> tuple[Relation, ...]:
    """All that is known of how entries relate, in the order of the file."""
    return tuple(one for subject, entry in inventory.entries() for one in _of(subject, entry))


def environments(inventory: Inventory) -> dict[Ref, tuple[str, ...]]:
    """The environments that each entry is in, as far as they are known: its own, or those of what it belongs to.

    A service is where its deployments are; a datastore where it runs; a backup where what it protects is.
    """
    belongs: dict[Ref, list[Relation]] = defaultdict(list)
    instances: dict[Ref, list[Ref]] = defaultdict(list)
    for relation in relations(inventory):
        belongs[relation.subject].append(relation)
        if relation.kind is RelationKind.INSTANCE_OF:
            instances[relation.target].append(relation.subject)
    return {ref: tuple(dict.fromkeys(_environments(ref, belongs, instances))) for ref, _ in inventory.entries()}


# What is said of an entry itself counts for more than what follows from where it runs.
_UPWARD = (RelationKind.PART_OF, RelationKind.RUNS_ON, RelationKind.EXPOSED_BY, RelationKind.PROTECTS)


def _environments(
    ref: Ref, belongs: Mapping[Ref, Sequence[Relation]], instances: Mapping[Ref, Sequence[Ref]]
) -> Iterator[str]:
    # No way leads upward twice: the links allow no circle among these kinds.
    if ref.kind is EntryKind.ENVIRONMENT:
        yield ref.key
        return
    steps = [[one.target for one in belongs.get(ref, ()) if one.kind is kind] for kind in _UPWARD]
    for target in next(filter(None, (*steps, instances.get(ref, ()))), ()):
        yield from _environments(target, belongs, instances)


def _of(subject: Ref, entry: Entry) -> Iterator[Relation]:
    for link in LINKS:
        if link.holder is subject.kind:
            for text in _texts(getattr(entry, link.field)):
                target = Ref.parse(text) if len(link.targets) > 1 else Ref(link.targets[0], text)
                yield Relation(subject, link.relation, target)


def _texts(value: object) -> tuple[str, ...]:
    """The texts of a field: of one that is a fact or not, a list or not; none where nothing is known."""
    if isinstance(value, Fact):
        value = value.value
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()

"""The picture of an inventory: what runs where and how it is reached, as a Mermaid flowchart."""

from collections.abc import Iterator, Mapping

from vsmhub.spec.inventory.document import Inventory, Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.links import RelationKind
from vsmhub.spec.inventory.relations import environments, relations

# The shapes that Mermaid gives to what stands between these.
_SHAPES: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.HOST: ("[", "]"),
    EntryKind.CLUSTER: ("{{", "}}"),
    EntryKind.DEPLOYMENT: ("([", "])"),
    EntryKind.ENDPOINT: (">", "]"),
    EntryKind.DATASTORE: ("[(", ")]"),
}
_ARROWS: Mapping[RelationKind, str] = {
    RelationKind.EXPOSED_BY: "-->",
    RelationKind.RUNS_ON: "-->",
    RelationKind.USES: "-.->",
}
_NOWHERE = "nobody knows where"


def diagram(inventory: Inventory) -> str:
    """The flowchart's text; entries stand in their environments, what runs on what is drawn, and waves lead across."""
    return "\n".join(["flowchart LR", *_places(inventory), *_edges(inventory), *_waves(inventory)])


def _places(inventory: Inventory) -> Iterator[str]:
    places = environments(inventory)
    shown = [(ref, entry.name) for ref, entry in inventory.entries() if ref.kind in _SHAPES]
    groups = {key: environment.name for key, environment in inventory.environments.items()} | {"": _NOWHERE}
    for key, name in groups.items():
        # What is in two environments, such as the first host of one to come, stands in the first.
        inside = [one for one in shown if (places[one[0]] or ("",))[0] == key]
        if inside or key:
            yield f'  subgraph {_id(Ref(EntryKind.ENVIRONMENT, key or "unknown"))}["{_text(name)}"]'
            for ref, label in inside:
                opening, closing = _SHAPES[ref.kind]
                yield f'    {_id(ref)}{opening}"{_text(label)}"{closing}'
            yield "  end"


def _edges(inventory: Inventory) -> Iterator[str]:
    for one in relations(inventory):
        if one.kind in _ARROWS and one.subject.kind in _SHAPES and one.target.kind in _SHAPES:
            yield f"  {_id(one.subject)} {_ARROWS[one.kind]}|{one.kind}| {_id(one.target)}"


def _waves(inventory: Inventory) -> Iterator[str]:
    for wave in inventory.migration_waves.values():
        origin, destination = (_id(Ref(EntryKind.ENVIRONMENT, key)) for key in (wave.origin, wave.destination))
        yield f'  {origin} ==>|"{_text(wave.name)}"| {destination}'


def _id(ref: Ref) -> str:
    return f"{ref.kind}_{ref.key}".replace("-", "_")


def _text(label: str) -> str:
    """A label in quotes; Mermaid has character references with a number sign."""
    return label.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")

"""The widgets that stand for entries, so that evidence about them has somewhere to land."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, quoted
from vsmhub.spec.inventory.document import SECTIONS, Inventory, Ref
from vsmhub.spec.inventory.entry import Entry, EntryKind, Owned
from vsmhub.spec.inventory.relations import environments
from vsmhub.spec.model import HubSpec, Widget
from vsmhub.spec.names import NAME_LIMIT
from vsmhub.spec.near import did_you_mean

TYPES: Mapping[EntryKind, str] = {
    EntryKind.ENVIRONMENT: "environment",
    EntryKind.HOST: "host",
    EntryKind.CLUSTER: "cluster",
    EntryKind.SERVICE: "service",
    EntryKind.ENDPOINT: "endpoint",
    EntryKind.BACKUP: "backup-set",
    EntryKind.SECRET_SET: "secret-set",
    EntryKind.RUNBOOK: "runbook",
    EntryKind.RISK: "risk",
    EntryKind.MIGRATION_WAVE: "migration-wave",
}
"""The widget type of each kind, without the hub's prefix. Kinds that have none are seen through what they serve."""

_SLUGS: Mapping[EntryKind, str] = {
    **TYPES,
    EntryKind.ENVIRONMENT: "env",
    EntryKind.BACKUP: "backup",
    EntryKind.SECRET_SET: "secrets",
    EntryKind.MIGRATION_WAVE: "migration",
}


def widget_slugs(inventory: Inventory, spec: HubSpec) -> dict[Ref, str]:
    """The widget of each entry that has one: the hub's own that it names, or one called after its kind and key.

    A kind has widgets where the hub's vocabulary has a type for it.
    """
    return {
        ref: entry.widget or f"{spec.hub.prefix}-{_SLUGS[ref.kind]}-{ref.key}"
        for ref, entry in inventory.entries()
        if _type(ref.kind, spec) is not None
    }


def inventory_widgets(inventory: Inventory, spec: HubSpec) -> tuple[Widget, ...]:
    """The widgets of entries that are not among the hub's own, in the order of the inventory.

    Both must fit each other: see `widget_findings`.
    """
    own = {widget.slug for widget in spec.widgets}
    slugs = widget_slugs(inventory, spec)
    places = environments(inventory)
    return tuple(
        Widget(
            slug=slugs[ref],
            name=entry.name,
            type=type_,
            policy_scope=scope,
            view_context=entry.view_context or f"{spec.hub.slug}/generated/INVENTORY.md",
            metadata=_metadata(ref, entry, places[ref]),
        )
        for ref, entry in inventory.entries()
        if ref in slugs
        and slugs[ref] not in own
        and (type_ := _type(ref.kind, spec)) is not None
        and (scope := _policy_scope(inventory, ref, entry, places[ref])) is not None
    )


def widget_findings(inventory: Inventory, spec: HubSpec) -> tuple[Finding, ...]:
    """What keeps the entries of `inventory` from having widgets in the hub; the pointers lead into the inventory."""
    return (*_scopes(inventory, spec), *_own_widgets(inventory, spec), *_new_widgets(inventory, spec))


def _type(kind: EntryKind, spec: HubSpec) -> str | None:
    found = f"{spec.hub.prefix}-{TYPES[kind]}" if kind in TYPES else None
    return found if found in spec.vocabulary.widget_types else None


def _policy_scope(inventory: Inventory, ref: Ref, entry: Entry, places: Sequence[str]) -> str | None:
    """The policy scope of an entry's widget: its own, its kind's, its environment's, or the one for all others."""
    if entry.policy_scope:
        return entry.policy_scope
    if ref.kind in inventory.widgets.policy_scopes:
        return inventory.widgets.policy_scopes[ref.kind]
    found = (inventory.environments[key].policy_scope for key in places)
    return next(filter(None, found), inventory.widgets.policy_scope)


def _metadata(ref: Ref, entry: Entry, places: Sequence[str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {"entry": str(ref)}
    if places:
        found["environments"] = list(places)
    if isinstance(entry, Owned) and entry.owner.value is not None:
        found["owner"] = entry.owner.value
    return found


def _scopes(inventory: Inventory, spec: HubSpec) -> Iterator[Finding]:
    said: list[tuple[Pointer, str | None]] = [(("widgets", "policy_scope"), inventory.widgets.policy_scope)]
    said += [(("widgets", "policy_scopes", kind), name) for kind, name in inventory.widgets.policy_scopes.items()]
    said += [((SECTIONS[ref.kind], ref.key, "policy_scope"), one.policy_scope) for ref, one in inventory.entries()]
    known = spec.vocabulary.policy_scopes
    for pointer, name in said:
        if name is not None and name not in known:
            message = f"{quoted(name)} is not a policy scope of {spec.hub.slug}"
            yield Finding(rule="policy-scope", message=message, pointer=pointer, hint=did_you_mean(name, known))


def _own_widgets(inventory: Inventory, spec: HubSpec) -> Iterator[Finding]:
    seeds = {widget.slug: widget for widget in spec.widgets}
    for ref, entry in inventory.entries():
        if entry.widget is None:
            continue
        pointer = (SECTIONS[ref.kind], ref.key, "widget")
        wanted = _type(ref.kind, spec)
        if entry.widget not in seeds:
            message = f"{quoted(entry.widget)} is not one of the widgets of {spec.hub.slug}"
            yield Finding(rule="widget", message=message, pointer=pointer, hint=did_you_mean(entry.widget, seeds))
        elif wanted is None:
            message = f"{spec.hub.slug} has no widget type for a {ref.kind}"
            yield Finding(rule="widget", message=message, pointer=pointer)
        elif seeds[entry.widget].type != wanted:
            message = f"{quoted(entry.widget)} is a widget of type {seeds[entry.widget].type}, not {wanted}"
            yield Finding(rule="widget", message=message, pointer=pointer)


def _new_widgets(inventory: Inventory, spec: HubSpec) -> Iterator[Finding]:
    first: dict[str, Ref] = {}
    entries = dict(inventory.entries())
    places = environments(inventory)
    for ref, slug in widget_slugs(inventory, spec).items():
        pointer = (SECTIONS[ref.kind], ref.key)
        if len(slug) > NAME_LIMIT:
            message = f"the widget of this entry would be called {quoted(slug)}, which is over {NAME_LIMIT} characters"
            yield Finding(rule="widget", message=message, pointer=pointer, at_key=True)
        if first.setdefault(slug, ref) != ref:
            message = f"the widget of this entry would be called {quoted(slug)}, which is that of {first[slug]}"
            yield Finding(rule="widget", message=message, pointer=pointer, at_key=True)
        if _policy_scope(inventory, ref, entries[ref], places[ref]) is None:
            message = f"nothing says which policy scope the widget of {ref} is under"
            hint = "give it a `policy_scope`, or one for all with `widgets.policy_scope`"
            yield Finding(rule="widget", message=message, pointer=pointer, at_key=True, hint=hint)

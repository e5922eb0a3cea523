"""The widgets that stand for gates: changes of a gate's status are events about them."""

from collections.abc import Iterator

from vsmhub.spec.complaint import Finding, Pointer, quoted
from vsmhub.spec.gates.document import Gate, Gates
from vsmhub.spec.model import HubSpec, Widget
from vsmhub.spec.names import NAME_LIMIT
from vsmhub.spec.near import did_you_mean


def gate_type(spec: HubSpec) -> str | None:
    """The hub's widget type for gates; None where its vocabulary has none."""
    found = f"{spec.hub.prefix}-readiness-gate"
    return found if found in spec.vocabulary.widget_types else None


def gate_slugs(gates: Gates, spec: HubSpec) -> dict[str, str]:
    """The widget of each gate, by the gate's key: the hub's own that it names, or one called after it."""
    return {key: gate.widget or f"{spec.hub.prefix}-readiness-{key}" for key, gate in gates.gates.items()}


def gate_widgets(gates: Gates, spec: HubSpec) -> tuple[Widget, ...]:
    """The widgets of gates that are not among the hub's own, in the order of the file."""
    own = {widget.slug for widget in spec.widgets}
    type_ = gate_type(spec)
    return tuple(
        Widget(
            slug=slug,
            name=gates.gates[key].name,
            type=type_,
            policy_scope=scope,
            view_context=f"{spec.hub.slug}/generated/GATES.md",
            metadata={
                "gate": key,
                "owner": gates.gates[key].owner,
                "enforcement": gates.gates[key].enforcement,
                "waves": list(gates.gates[key].waves),
            },
        )
        for key, slug in gate_slugs(gates, spec).items()
        if type_ and slug not in own and (scope := _scope(gates, gates.gates[key])) is not None
    )


def gate_widget_findings(gates: Gates, spec: HubSpec, taken: frozenset[str]) -> Iterator[Finding]:
    """What keeps gates from having widgets in the hub, where `taken` are the slugs that the inventory's have."""
    if gate_type(spec) is None and gates.gates:
        message = f"{spec.hub.slug} has no widget type `{spec.hub.prefix}-readiness-gate`, which gates need"
        yield Finding(rule="widget", message=message, pointer=("gates",), at_key=True)
        return
    seeds = {widget.slug: widget.type for widget in spec.widgets}
    yield from _scopes(gates, spec)
    for key, slug in gate_slugs(gates, spec).items():
        gate, pointer = gates.gates[key], ("gates", key)
        if gate.widget is not None and gate.widget not in seeds:
            message = f"{quoted(slug)} is not one of the widgets of {spec.hub.slug}"
            hint = did_you_mean(slug, seeds)
            yield Finding(rule="widget", message=message, pointer=(*pointer, "widget"), hint=hint)
        elif seeds.get(slug, gate_type(spec)) != gate_type(spec):
            message = f"{quoted(slug)} is a widget of type {seeds[slug]}, not {gate_type(spec)}"
            yield Finding(rule="widget", message=message, pointer=(*pointer, "widget"))
        elif len(slug) > NAME_LIMIT or slug in taken:
            what = f"over {NAME_LIMIT} characters" if len(slug) > NAME_LIMIT else "that of an entry of the inventory"
            message = f"the widget of this gate would be called {quoted(slug)}, which is {what}"
            yield Finding(rule="widget", message=message, pointer=pointer, at_key=True)
        elif slug not in seeds and _scope(gates, gate) is None:
            message = f"nothing says which policy scope the widget of {key} is under"
            hint = "give it a `policy_scope`, or one for all at the top of the file"
            yield Finding(rule="widget", message=message, pointer=pointer, at_key=True, hint=hint)


def _scope(gates: Gates, gate: Gate) -> str | None:
    return gate.policy_scope or gates.policy_scope


def _scopes(gates: Gates, spec: HubSpec) -> Iterator[Finding]:
    said: list[tuple[Pointer, str | None]] = [(("policy_scope",), gates.policy_scope)]
    said += [(("gates", key, "policy_scope"), gate.policy_scope) for key, gate in gates.gates.items()]
    known = spec.vocabulary.policy_scopes
    for pointer, name in said:
        if name is not None and name not in known:
            message = f"{quoted(name)} is not a policy scope of {spec.hub.slug}"
            yield Finding(rule="policy-scope", message=message, pointer=pointer, hint=did_you_mean(name, known))

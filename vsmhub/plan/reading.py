"""Reading what a target holds of one hub through its API, as far as that shows it: list calls alone."""

from typing import TYPE_CHECKING

from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.errors import Forbidden, Unauthorized
from vsmhub.interhub.messages.framework import Hub, HubCreate, Manifest, ManifestStatus, Vocabulary
from vsmhub.interhub.surface.operations import Operation
from vsmhub.interhub.surface.reference import reference
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import Unreadable
from vsmhub.plan.live import Live
from vsmhub.plan.model import Kind

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub
    from vsmhub.interhub.surface.model import Surface

VSM_FIELDS = frozenset({"hub_family", "vsm_function", "vsm_system"})
_SHOWN_BY = {
    Kind.CONSUMER: (Operation.CONSUMERS_LIST,),
    Kind.KEY: (Operation.CONSUMERS_LIST, Operation.KEYS_LIST),
    Kind.WIDGET: (Operation.WIDGETS_LIST,),
    Kind.EVIDENCE: (Operation.EVENTS_LIST,),
}


def unseen(surface: "Surface") -> frozenset[Kind]:
    """The kinds of which the surface shows nothing."""
    hidden = {kind for kind, needs in _SHOWN_BY.items() if not all(map(surface.offers, needs))}
    lists = (Operation.HUBS_LIST, Operation.MANIFESTS_LIST)
    if not surface.offers(Operation.REGISTRY_LIST) and not all(map(surface.offers, lists)):
        hidden |= {Kind.HUB, Kind.MANIFEST}
    return frozenset(hidden)


def read(
    target: "InterHub", declared: Desired, surface: "Surface | None" = None, held: Revealing | None = None
) -> Live:
    """Read what `target` holds of the declared hub, in at most ten requests for a hub of up to 1,000 widgets.

    Without a list of hubs or manifests, the registry shows the hub with its active manifest. Where no keys are shown,
    it is tried what `held` opens. Raises Unreadable where not even hubs are shown, and InterHubError.
    """
    surface = surface or reference()
    hidden = unseen(surface)
    if Kind.HUB in hidden:
        raise Unreadable(
            f"{target.label} shows no hubs: {surface.lacking(Operation.REGISTRY_LIST)}",
            hint="give the database with --dsn, which shows all of it",
        )
    opened = _opened(target, held) if Kind.KEY in hidden else None
    hub, manifests = _hub(target, declared, surface)
    lacks = _lacks(surface, hub)
    if hub is None:
        taken = _taken(target, declared, surface)
        return Live(taken=taken, unseen=hidden, opened=opened, hub_lacks=lacks)
    consumers = () if Kind.CONSUMER in hidden else tuple(target.consumers(hub=hub.id))
    consumer = next((one for one in consumers if one.name == declared.consumer), None)
    active = next((one for one in manifests if one.status is ManifestStatus.ACTIVE), None)
    return Live(
        hub=hub,
        manifests=manifests,
        consumers=consumers,
        keys=tuple(target.keys(consumer.id)) if consumer and Kind.KEY not in hidden else (),
        widgets={} if Kind.WIDGET in hidden else {one.slug: one for one in target.widgets(hub=hub.id)},
        registered=None
        if Kind.EVIDENCE in hidden
        else next(iter(target.events(hub=hub.id, event_type=declared.registration_event, limit=1)), None),
        taken=() if active and active.version == declared.manifest_version else _taken(target, declared, surface),
        unseen=hidden,
        opened=opened,
        hub_lacks=lacks,
    )


def _hub(target: "InterHub", declared: Desired, surface: "Surface") -> tuple[Hub | None, tuple[Manifest, ...]]:
    if surface.offers(Operation.HUBS_LIST) and surface.offers(Operation.MANIFESTS_LIST):
        hub = next(iter(target.hubs(slug=declared.hub)), None)
        return hub, tuple(target.manifests(hub=hub.id)) if hub else ()
    entry = next((one for one in target.registry(slug=declared.hub) if one.hub.slug == declared.hub), None)
    if entry is None:
        return None, ()
    return entry.hub, (entry.manifest,) if entry.manifest else ()


def _lacks(surface: "Surface", hub: Hub | None) -> frozenset[str]:
    if surface.offers(Operation.HUBS_CREATE):
        kept = surface.takes(Operation.HUBS_CREATE)
        if surface.offers(Operation.HUBS_LIST):
            kept &= surface.tells(Operation.HUBS_LIST)
        return frozenset(HubCreate.model_fields) - kept
    told = hub is not None and any(getattr(hub, name) is not None for name in VSM_FIELDS)
    return frozenset() if told else VSM_FIELDS


def _opened(target: "InterHub", held: Revealing | None) -> frozenset[str] | None:
    if held is None:
        return None
    try:
        return frozenset(target.exchange(held).scopes)
    except (Unauthorized, Forbidden):
        return None


def _taken(target: "InterHub", declared: Desired, surface: "Surface") -> tuple[tuple[str, str, str], ...]:
    found = []
    for vocabulary, names in declared.names.items():
        path = Vocabulary(vocabulary.replace("_", "-"))
        if not surface.offers(Operation(f"vocabulary.{path}")):
            continue
        found += [
            (vocabulary, one.name, one.hub_slug)
            for one in target.declared(path)
            if one.name in names and one.hub_slug != declared.hub
        ]
    return tuple(found)

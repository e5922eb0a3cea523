"""What a target holds of one hub, read with list calls."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vsmhub.interhub.messages.access import Consumer, Key
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.framework import Hub, Manifest, ManifestStatus, Vocabulary
from vsmhub.interhub.messages.widgets import Widget
from vsmhub.plan.desired import Desired

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub


@dataclass(frozen=True, slots=True)
class Live:
    """The live objects of one hub; empty where the hub does not exist.

    `taken` lists names that the spec declares and another hub owns, as (vocabulary, name, owner). It is read only
    where a manifest would have to be activated.
    """

    hub: Hub | None = None
    manifests: tuple[Manifest, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    keys: tuple[Key, ...] = ()
    widgets: dict[str, Widget] = field(default_factory=dict)
    registered: Event | None = None
    taken: tuple[tuple[str, str, str], ...] = ()

    @property
    def active(self) -> Manifest | None:
        """The manifest that the hub is under now."""
        return next((one for one in self.manifests if one.status is ManifestStatus.ACTIVE), None)

    def manifest(self, version: str) -> Manifest | None:
        """The manifest of that version, whatever its status."""
        return next((one for one in self.manifests if one.version == version), None)

    def consumer(self, name: str) -> Consumer | None:
        """The consumer of that name."""
        return next((one for one in self.consumers if one.name == name), None)


def usable(key: Key, now: datetime | None = None) -> bool:
    """Whether a key can still be exchanged for a token: not revoked, not expired, not left unclaimed too long."""
    now = now or datetime.now(UTC)
    ends = [moment for moment in (key.expires_at, key.claim_by) if moment is not None]
    return key.revoked_at is None and all(now < moment for moment in ends)


def read(target: "InterHub", declared: Desired) -> Live:
    """Read what `target` holds of the declared hub, in at most ten requests for a hub of up to 1,000 widgets.

    Raises InterHubError.
    """
    hub = next(iter(target.hubs(slug=declared.hub)), None)
    if hub is None:
        return Live(taken=_taken(target, declared))
    manifests = tuple(target.manifests(hub=hub.id))
    consumers = tuple(target.consumers(hub=hub.id))
    consumer = next((one for one in consumers if one.name == declared.consumer), None)
    keys = tuple(target.keys(consumer.id)) if consumer else ()
    active = next((one for one in manifests if one.status is ManifestStatus.ACTIVE), None)
    return Live(
        hub=hub,
        manifests=manifests,
        consumers=consumers,
        keys=keys,
        widgets={widget.slug: widget for widget in target.widgets(hub=hub.id)},
        registered=next(iter(target.events(hub=hub.id, event_type=declared.registration_event, limit=1)), None),
        taken=() if active and active.version == declared.manifest_version else _taken(target, declared),
    )


def _taken(target: "InterHub", declared: Desired) -> tuple[tuple[str, str, str], ...]:
    found = []
    for vocabulary, names in declared.names.items():
        path = Vocabulary(vocabulary.replace("_", "-"))
        found += [
            (vocabulary, one.name, one.hub_slug)
            for one in target.declared(path)
            if one.name in names and one.hub_slug != declared.hub
        ]
    return tuple(found)

"""What a target holds of one hub, as far as it can be seen."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from vsmhub.interhub.messages.access import Consumer, Key
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.framework import Hub, Manifest, ManifestStatus
from vsmhub.interhub.messages.widgets import Widget
from vsmhub.plan.model import Kind


@dataclass(frozen=True, slots=True)
class Live:
    """The live objects of one hub; empty where the hub does not exist.

    `taken` lists names that the spec declares and another hub owns, as (vocabulary, name, owner). It is read only
    where a manifest would have to be activated. `unseen` are the kinds that cannot be seen at all; where keys are among
    them, `opened` are the scopes that the held key was found to open, None where it opens nothing. `hub_lacks` are the
    fields of a hub that the target has no place for; the manifest's capability tells those.
    """

    hub: Hub | None = None
    manifests: tuple[Manifest, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    keys: tuple[Key, ...] = ()
    widgets: dict[str, Widget] = field(default_factory=dict)
    registered: Event | None = None
    taken: tuple[tuple[str, str, str], ...] = ()
    unseen: frozenset[Kind] = frozenset()
    opened: frozenset[str] | None = None
    hub_lacks: frozenset[str] = frozenset()

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

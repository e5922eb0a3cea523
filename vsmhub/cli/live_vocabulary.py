"""The vocabulary a hub has at a target, and how much of it is in use there."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from vsmhub.vocabulary.changes import Uses
from vsmhub.vocabulary.kinds import Kind
from vsmhub.vocabulary.published import Published, published_live

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub
    from vsmhub.interhub.messages.widgets import Widget

ENOUGH = 1000
"""Events and annotations of a name are counted up to here: one page."""


class LiveVocabulary:
    """One hub's active manifest at a target, and the rows that use its names; counted when they are asked for."""

    def __init__(self, target: "InterHub", hub: UUID, published: Published) -> None:
        self.published = published
        self._target = target
        self._hub = hub
        self._widgets: tuple[Widget, ...] | None = None

    def uses(self, kind: Kind, name: str) -> Uses:
        """How often a name is in use; raises InterHubError."""
        if kind is Kind.EVENT_TYPE:
            count, more = _count(self._target.events(hub=self._hub, event_type=name, limit=ENOUGH))
            return Uses(events=count, more=more)
        if kind is Kind.ANNOTATION_CATEGORY:
            count, more = _count(self._target.annotations(hub=self._hub, category=name))
            return Uses(annotations=count, more=more)
        if self._widgets is None:
            self._widgets = tuple(self._target.widgets(hub=self._hub))
        used = [one.widget_type if kind is Kind.WIDGET_TYPE else one.policy_scope for one in self._widgets]
        return Uses(widgets=used.count(name))


def live_vocabulary(target: "InterHub", slug: str) -> LiveVocabulary | None:
    """What the hub publishes now, or None when it is not there or has no active manifest; raises InterHubError."""
    from vsmhub.plan.importing import registered

    hub, active = registered(target, slug, target.surface())
    if hub is None or active is None:
        return None
    names = {
        Kind.WIDGET_TYPE: active.widget_types,
        Kind.EVENT_TYPE: active.event_types,
        Kind.ANNOTATION_CATEGORY: active.annotation_categories,
        Kind.POLICY_SCOPE: active.policy_scopes,
    }
    return LiveVocabulary(target, hub.id, published_live(active.version, names, active.capability))


def _count(rows: Iterator[object]) -> tuple[int, bool]:
    found = sum(1 for _ in islice(rows, ENOUGH + 1))
    return min(found, ENOUGH), found > ENOUGH

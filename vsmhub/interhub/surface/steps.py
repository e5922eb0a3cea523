"""The steps of a bootstrap, and the operations that each takes when it is done through the API.

A step is named by the kind and the action of a plan's change, as text, since plans stand on this package.
"""

from dataclasses import dataclass

from vsmhub.interhub.surface.model import Surface
from vsmhub.interhub.surface.operations import Operation

SHOWN_ONCE = "Inter-Hub shows a new key once, and the database holds a hash of it"
REVOKED = "the database is not told of keys by hand"
PROVEN = "an event is submitted with the hub's own key"


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of change. `one_of` are operations of which any does it; `first` belongs to a first bootstrap.

    `not_by_sql` and `not_by_hand` are the reasons why these routes cannot do it on any surface; empty where they can.
    """

    kind: str
    action: str
    one_of: tuple[Operation, ...]
    first: bool = False
    not_by_sql: str = ""
    not_by_hand: str = ""

    def by_api(self, surface: Surface) -> str:
        """Why the API cannot do this step; empty where it can."""
        if any(surface.offers(operation) for operation in self.one_of):
            return ""
        return surface.lacking(self.one_of[0])


STEPS: dict[tuple[str, str], Step] = {
    (one.kind, one.action): one
    for one in (
        Step("hub", "create", (Operation.HUBS_CREATE,), first=True),
        Step("hub", "update", (Operation.HUBS_UPDATE,)),
        Step("manifest", "create", (Operation.MANIFESTS_CREATE,), first=True),
        Step("manifest", "update", (Operation.MANIFESTS_UPDATE,)),
        Step("manifest", "activate", (Operation.MANIFESTS_ACTIVATE,), first=True),
        Step("consumer", "create", (Operation.CONSUMERS_CREATE,), first=True),
        Step("consumer", "update", (Operation.CONSUMERS_UPDATE,)),
        Step("key", "create", (Operation.KEYS_CREATE,), first=True, not_by_sql=SHOWN_ONCE),
        Step("key", "revoke", (Operation.KEYS_REVOKE,), not_by_sql=REVOKED),
        Step("widget", "create", (Operation.WIDGETS_CREATE, Operation.WIDGETS_BATCH), first=True),
        Step("widget", "update", (Operation.WIDGETS_UPDATE,)),
        Step("evidence", "create", (Operation.EVENTS_CREATE,), first=True, not_by_sql=PROVEN, not_by_hand=PROVEN),
    )
}

READS: tuple[Operation, ...] = (
    Operation.TOKEN,
    Operation.HUBS_LIST,
    Operation.MANIFESTS_LIST,
    Operation.CONSUMERS_LIST,
    Operation.KEYS_LIST,
    Operation.WIDGETS_LIST,
    Operation.EVENTS_LIST,
    Operation.REGISTRY_LIST,
    Operation.WIDGET_TYPES_LIST,
    Operation.EVENT_TYPES_LIST,
    Operation.ANNOTATION_CATEGORIES_LIST,
    Operation.POLICY_SCOPES_LIST,
)
"""What has to be read to plan and to prove a bootstrap."""

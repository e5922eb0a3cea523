"""One hub brought to one target: planned, carried out, and proven."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from vsmhub.interhub.client import InterHub
from vsmhub.interhub.credentials import Revealing
from vsmhub.plan.desired import Desired
from vsmhub.plan.diff import plan
from vsmhub.plan.errors import TargetMoved
from vsmhub.plan.execution import Progress, execute
from vsmhub.plan.key_changes import Held
from vsmhub.plan.keys import HubKeys
from vsmhub.plan.live import Live, read
from vsmhub.plan.model import Plan, Route
from vsmhub.plan.routes.api import ApiRoute
from vsmhub.plan.verification import Proof, converged, prove

ATTEMPTS = 5
"""Plans made for one apply, when others keep moving the target under it."""


class Target(Protocol):
    """An Inter-Hub as an operator reaches it."""

    @property
    def name(self) -> str:
        """What plans call it."""
        ...

    @property
    def operator(self) -> InterHub:
        """The target with the operator's key."""
        ...

    def as_hub(self, key: Revealing) -> InterHub:
        """The target with a hub's own key; whoever asks closes it."""
        ...

    def key_of(self, hub: str) -> HubKeys:
        """Where the key of a hub is kept."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What a target holds of a hub, and the plan from there to what is declared."""

    live: Live
    plan: Plan


def look(declared: Desired, target: Target, *, replace_key: bool = False) -> Seen:
    """Read the target and plan.

    Raises PlanError where no plan leads to what is declared, SecretError, and InterHubError.
    """
    live = read(target.operator, declared)
    keys = target.key_of(declared.hub)
    held = Held(keys.held(), replace=replace_key, replaced=keys.replaced())
    return Seen(live, plan(declared, live, held, target.name))


def carry_out(
    declared: Desired,
    target: Target,
    first: Plan,
    *,
    progress: Progress,
    again: Callable[[Plan, TargetMoved], None],
) -> Seen:
    """Carry out `first`, read and plan again, and prove that nothing is left to do.

    When the target moves meanwhile, a new plan is made and `again` is told of it with the reason; it raises to stop.
    Raises NotConverged, and what planning and the route raise.
    """
    wanted = first
    for attempt in range(1, ATTEMPTS + 1):
        route = ApiRoute(wanted, target.operator, target.as_hub, target.key_of(declared.hub))
        try:
            execute(wanted, {Route.API: route}, progress)
            break
        except TargetMoved as moved:
            if attempt == ATTEMPTS:
                raise
            wanted = look(declared, target).plan
            again(wanted, moved)
        finally:
            route.close()
    seen = look(declared, target)
    converged(seen.plan)
    return seen


def proof(declared: Desired, target: Target) -> Proof | None:
    """What the hub's own key opens; None when the key is kept elsewhere."""
    key = target.key_of(declared.hub).held()
    if key is None:
        return None
    with target.as_hub(key) as hub:
        return prove(declared, hub)

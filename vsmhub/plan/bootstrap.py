"""One hub brought to one target: planned, carried out, and proven."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from vsmhub.interhub.client import InterHub
from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.errors import Unauthorized
from vsmhub.interhub.surface.operations import Operation
from vsmhub.plan.applied import tell
from vsmhub.plan.desired import Desired
from vsmhub.plan.diff import plan
from vsmhub.plan.errors import KeyElsewhere, TargetMoved
from vsmhub.plan.execution import Progress, execute
from vsmhub.plan.history import Run
from vsmhub.plan.journal import Recorder, Unrecorded, ending
from vsmhub.plan.key_changes import Held
from vsmhub.plan.keys import HubKeys
from vsmhub.plan.live import Live, usable
from vsmhub.plan.model import Plan
from vsmhub.plan.reading import read, unseen
from vsmhub.plan.routes.means import Means, open_routes
from vsmhub.plan.routing import Ways, routed
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

    @property
    def means(self) -> Means:
        """What was given besides the API."""
        ...

    def as_hub(self, key: Revealing) -> InterHub:
        """The target with a hub's own key; whoever asks closes it."""
        ...

    def key_of(self, hub: str) -> HubKeys:
        """Where the key of a hub is kept."""
        ...


SHOWN = 20
"""Hubs of the registry that are looked for in the database that was given."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a target holds of a hub, and the plan from there to what is declared."""

    live: Live
    plan: Plan


def look(declared: Desired, target: Target, *, replace_key: bool = False, only_looking: bool = False) -> Seen:
    """Read the target and plan: by its API, or where that does not show all, from the database if it was given.

    The plan of who is `only_looking` may need a key that is held elsewhere; otherwise that is a PlanError.

    Raises PlanError where no plan leads to what is declared, SecretError, and InterHubError.
    """
    keys = target.key_of(declared.hub)
    held = Held(keys.held(), replace=replace_key, replaced=keys.replaced(), only_looking=only_looking)
    means = target.means
    surface = target.operator.surface(keyed=means.database is None)
    if means.database is not None and unseen(surface):
        if surface.offers(Operation.REGISTRY_LIST):
            shown = frozenset(entry.hub.id for entry in islice(target.operator.registry(), SHOWN))
            means.database.demand_behind(shown, target.name)
        live = means.database.read(declared)
    else:
        live = read(target.operator, declared, surface, held.key)
    return Seen(live, routed(plan(declared, live, held, target.name), Ways(surface, sql=means.sql)))


def carry_out(
    declared: Desired,
    target: Target,
    first: Plan,
    *,
    progress: Progress,
    again: Callable[[Plan, TargetMoved], None],
    recorder: Recorder | None = None,
    see: Callable[[], Seen] | None = None,
) -> Seen:
    """Carry out `first`, read and plan again, and prove that nothing is left to do.

    `see` plans again as the first plan was asked for; without it, what is declared alone counts. When the target moves
    meanwhile, `again` is told of the new plan with the reason; it raises to stop. What goes on is told to `recorder`.
    Raises NotConverged, and what planning, the route and the recorder raise.
    """
    recorder, see = recorder or Unrecorded(), see or (lambda: look(declared, target))
    with ending(recorder):
        wanted = first
        for attempt in range(1, ATTEMPTS + 1):
            recorder.planned(wanted, declared)
            try:
                with open_routes(wanted, declared, target) as routes:
                    execute(wanted, routes, progress, recorder)
                break
            except TargetMoved as moved:
                if attempt == ATTEMPTS:
                    raise
                wanted = see().plan
                again(wanted, moved)
        seen = see()
        converged(seen.plan)
    recorder.ended("converged")
    return seen


def proof(declared: Desired, target: Target, live: Live | None = None, untold: Sequence[Run] = ()) -> Proof | None:
    """What the hub's own key opens; None when the key is kept elsewhere, also where the one held here is good no more.

    Of the applies in `untold`, which led to `live`, the target is told then, by the hub itself. Raises KeyElsewhere
    when the one held here is none that the target knows.
    """
    key = target.key_of(declared.hub).held()
    if key is None or (live is not None and _has_ended(Held(key), live)):
        return None
    with target.as_hub(key) as hub:
        try:
            proven = prove(declared, hub)
        except Unauthorized as error:
            raise KeyElsewhere(
                f"the key of {declared.hub} that is held here opens nothing at {target.name}",
                hint="keep the right one with vsmhub key store, or add --replace-key to make a new one",
            ) from error
        if live is not None:
            tell(untold, declared, live, hub)
        return proven


def _has_ended(held: Held, live: Live) -> bool:
    return any(held.is_of(key) and not usable(key) for key in live.keys)

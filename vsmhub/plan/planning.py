"""A plan as it was asked for: with a new key, with what is no longer declared, or with what others have made."""

from collections.abc import Callable, Iterator

from vsmhub.plan.adoption import Owners, check_adopted, known_by
from vsmhub.plan.asked import Asked
from vsmhub.plan.bootstrap import Seen, Target, look
from vsmhub.plan.desired import Desired
from vsmhub.plan.history import Run
from vsmhub.plan.model import Plan
from vsmhub.plan.prune import pruned
from vsmhub.plan.routing import Ways, routed

Journals = Callable[[], Iterator[Run]]
"""Gives the applies of a hub that are known here, newest first; asked only where that matters."""


def replanning(declared: Desired, target: Target, asked: Asked, journals: Journals) -> Callable[[], Seen]:
    """Plans again, however often, as it was asked for now; a key is replaced once."""
    held = target.key_of(declared.hub).held()

    def see() -> Seen:
        now = target.key_of(declared.hub).held()
        is_same = (held.reveal() if held else None) == (now.reveal() if now else None)
        return planned(
            declared, target, asked.model_copy(update={"replace_key": asked.replace_key and is_same}), journals
        )

    return see


def planned(declared: Desired, target: Target, asked: Asked, journals: Journals) -> Seen:
    """Read the target and plan.

    Raises NotAdopted when the plan would change what no apply of the hub has made and `asked` does not say so, and what
    `look` raises.
    """
    seen = look(declared, target, replace_key=asked.replace_key)
    wants_pruning = asked.prune and bool(seen.plan.unmanaged)
    if not wants_pruning and (asked.adopt or not seen.plan.changes or seen.live.hub is None):
        return seen
    owners = Owners(target.operator, seen.live, declared.consumer, known_by(journals()))
    if not asked.adopt:
        check_adopted(seen.plan, owners)
    if not wants_pruning:
        return seen
    plan: Plan = routed(pruned(seen.plan, owners), Ways(target.operator.surface(), sql=target.means.sql))
    return Seen(seen.live, plan)

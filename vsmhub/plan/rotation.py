"""A hub's key replaced: a new one made, kept and proven before the old one is revoked.

Nothing is remembered about how far a rotation came but what the store keeps with the new key: which keys it took the
place of. A rotation that was killed is finished by the next one, which then makes no other key.
"""

from vsmhub.interhub.surface.operations import Operation
from vsmhub.plan.bootstrap import Seen, Target, look
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import KeyElsewhere, NotConverged, PlanError
from vsmhub.plan.execution import Progress, execute
from vsmhub.plan.key_changes import REPLACED_BY
from vsmhub.plan.model import Action, Change, Kind, Plan
from vsmhub.plan.routes.means import open_routes


def demand_keys_by_api(declared: Desired, target: Target, *needed: Operation) -> None:
    """PlanError, with what a person does instead, where the target's API does not do all of `needed` to keys."""
    surface = target.operator.surface()
    lacks = [surface.lacking(one) for one in (Operation.CONSUMERS_LIST, Operation.KEYS_LIST, *needed)]
    if not any(lacks):
        return
    page = "Inter-Hub's page /ApiKeys"
    hint = f"a person revokes it on {page}"
    if Operation.KEYS_CREATE in needed:
        scopes = ", ".join(declared.key_scopes)
        hint = (
            f"a person makes one on {page} (consumer {declared.consumer}; {scopes}); then run vsmhub key store, and "
            "revoke the old one on that page"
        )
    why = next(filter(None, lacks))
    raise PlanError(f"keys cannot be seen to through the API of {target.name}: {why}", hint=hint)


def rotation(declared: Desired, target: Target) -> Plan:
    """The plan that replaces the hub's key, or that finishes an earlier one; nothing but keys is in it.

    Raises PlanError where the hub or its consumer does not exist, SecretError, and InterHubError.
    """
    demand_keys_by_api(declared, target, Operation.KEYS_CREATE, Operation.KEYS_REVOKE)
    seen = _seen(declared, target)
    if seen.live.hub is None or seen.live.consumer(declared.consumer) is None:
        missing = f"the consumer {declared.consumer}" if seen.live.hub else "the hub"
        raise PlanError(
            f"{declared.hub} has no key to rotate at {target.name}: {missing} does not exist",
            hint="vsmhub apply makes all of it, a key included",
        )
    if not any(map(leads_to_a_new_key, seen.plan.changes)):
        seen = look(declared, target, replace_key=True)
    changes = [change for change in seen.plan.changes if change.kind is Kind.KEY]
    ids = {change.id for change in changes}
    alone = [
        change.model_copy(update={"depends_on": tuple(one for one in change.depends_on if one in ids)})
        for change in changes
    ]
    return seen.plan.model_copy(
        update={"changes": tuple(alone), "events": (), "unchanged": {}, "unmanaged": (), "notes": ()}
    )


def finishes(plan: Plan) -> bool:
    """Whether this rotation is the rest of one that was cut short."""
    return bool(plan.changes) and not any(change.action is Action.CREATE for change in plan.changes)


def rotate(declared: Desired, target: Target, plan: Plan, progress: Progress) -> None:
    """Carry out a rotation, and see that the key which is kept is the only one.

    Raises NotConverged when another key of the name can still be used, SecretError, and InterHubError.
    """
    with open_routes(plan, declared, target) as routes:
        execute(plan, routes, progress)
    left = [change.id for change in _seen(declared, target).plan.changes if change.kind is Kind.KEY]
    if left:
        raise NotConverged(f"keys of {declared.hub} are not as they should be: {', '.join(left)}", hint="run it again")


def _seen(declared: Desired, target: Target) -> Seen:
    try:
        return look(declared, target)
    except KeyElsewhere:  # which a new key is the way out of
        return look(declared, target, replace_key=True)


def leads_to_a_new_key(change: Change) -> bool:
    """Whether a change makes a key, or follows one that was made."""
    return change.kind is Kind.KEY and (change.action is Action.CREATE or REPLACED_BY in change.after())

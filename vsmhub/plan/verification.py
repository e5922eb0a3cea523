"""The proof that an apply gives: planned again from what is live now, and the key tried."""

from dataclasses import dataclass

from vsmhub.interhub.client import InterHub
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import NotConverged
from vsmhub.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen: the hub's registry entry, read with the hub's own key."""

    hub: str
    vsm_function: str | None
    vsm_system: str | None
    manifest_version: str


def converged(again: Plan) -> None:
    """NotConverged unless `again`, a plan made after the execution, is empty but for what the target does not show."""
    changes = [change for change in again.steps if change.kind not in again.unseen]
    if changes:
        left = "; ".join(f"{change.id} ({change.reason})" for change in changes[:5])
        raise NotConverged(
            f"{again.hub} is still not as declared after everything was carried out: {left}",
            hint="somebody else may be changing it, or the target does not keep what it is given",
        )


def prove(declared: Desired, as_hub: InterHub) -> Proof:
    """Read the hub's registry entry with the hub's own key, which exchanges the key for a token first.

    Raises InterHubError when the key does not open the registry, and NotConverged when the entry says something else.
    """
    entry = next((one for one in as_hub.registry(slug=declared.hub) if one.hub.slug == declared.hub), None)
    if entry is None or entry.manifest is None:
        raise NotConverged(f"the registry does not list {declared.hub} with an active manifest")
    if entry.manifest.version != declared.manifest_version:
        raise NotConverged(
            f"the registry lists {declared.hub} with manifest {entry.manifest.version}, "
            f"not with {declared.manifest_version}"
        )
    return Proof(
        hub=entry.hub.slug,
        vsm_function=entry.hub.vsm_function,
        vsm_system=entry.hub.vsm_system,
        manifest_version=entry.manifest.version,
    )

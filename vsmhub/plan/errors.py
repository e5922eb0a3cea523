"""How planning and applying fail.

PlanError
├── VersionInUse      the manifest changed and its version did not
├── NamesTaken        another hub owns names that this hub declares
├── KeyElsewhere      the hub's key exists and is not in this store
├── TargetMoved       the target changed between the plan and its execution
└── NotConverged      everything was carried out, and the target is still not as declared
"""

from vsmhub.errors import VsmhubError


class PlanError(VsmhubError):
    """What should be done cannot be done."""


class VersionInUse(PlanError):
    """The manifest changed and its version did not."""


class NamesTaken(PlanError):
    """Another hub owns names that this hub declares."""


class KeyElsewhere(PlanError):
    """The hub's key exists at the target and is not in this store."""


class TargetMoved(PlanError):
    """The target changed between the plan and its execution; a new plan may go on."""


class NotConverged(PlanError):
    """Everything was carried out, and the target is still not as declared."""

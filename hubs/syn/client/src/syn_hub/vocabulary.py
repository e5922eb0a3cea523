"""The vocabulary of syn-hub, manifest version 0.1.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of syn-hub can be about."""

    WORKSTREAM = "syn-workstream"
    """Work with a direction of its own that several units carry on."""

    DEPENDENCY = "syn-dependency"
    """What one unit needs of another before it can go on."""

    HANDOFF = "syn-handoff"
    """Work or responsibility on its way from one unit to another."""

    SCHEDULE = "syn-schedule"
    """When units mean to do what others will notice."""

    CLAIM = "syn-claim"
    """The exclusive use of something shared, for a time."""

    CONVENTION = "syn-convention"
    """A way of doing things that units keep to without being told."""

    CONFLICT = "syn-conflict"
    """Two intentions that cannot both be carried out."""


class EventType(StrEnum):
    """What syn-hub can report."""

    REGISTER_OPENED = "syn-register-opened"
    """A map, board or log of this hub was set up."""

    DEPENDENCY_DECLARED = "syn-dependency-declared"
    """A unit said what it needs of another."""

    HANDOFF_PROPOSED = "syn-handoff-proposed"
    """A unit offered work or responsibility to another."""

    HANDOFF_ACCEPTED = "syn-handoff-accepted"
    """The other unit took it over."""

    CLAIM_ACQUIRED = "syn-claim-acquired"
    """A unit began to use something shared."""

    CLAIM_RELEASED = "syn-claim-released"
    """A unit gave it free again."""

    CONFLICT_DETECTED = "syn-conflict-detected"
    """Two intentions were found to exclude each other."""

    CONFLICT_SETTLED = "syn-conflict-settled"
    """The units found a way that both can go."""

    OSCILLATION_DETECTED = "syn-oscillation-detected"
    """Units undo each other's work again and again."""

    ALGEDONIC_RAISED = "syn-algedonic-raised"
    """Coordination has broken down and cannot wait for the next round."""


class AnnotationCategory(StrEnum):
    """What people can remark in syn-hub."""

    COLLISION = "syn-collision"
    """Work of two units that got in each other's way."""

    UNOWNED_HANDOFF = "syn-unowned-handoff"
    """Something handed over that nobody took."""

    STALE_CLAIM = "syn-stale-claim"
    """A claim whose holder no longer seems to need it."""

    CIRCULAR_DEPENDENCY = "syn-circular-dependency"
    """Units that wait for each other in a ring."""

    CONVENTION_BREACH = "syn-convention-breach"
    """Something done otherwise than was agreed."""


class PolicyScope(StrEnum):
    """What rules a widget of syn-hub can be under."""

    PAIRWISE = "syn-pairwise"
    """A matter of two units alone."""

    CROSS_REPO = "syn-cross-repo"
    """A matter of several repositories."""

    CROSS_SERVICE = "syn-cross-service"
    """A matter of several services."""

    SHARED_RESOURCE = "syn-shared-resource"
    """A matter of something that only one can use at a time."""


class Widget(StrEnum):
    """The widgets that syn-hub has from the start."""

    WORKSTREAM_MAP = "syn-workstream-map"
    """Map of workstreams (`syn-workstream`)."""

    HANDOFF_BOARD = "syn-handoff-board"
    """Board of handoffs (`syn-handoff`)."""

    CONFLICT_LOG = "syn-conflict-log"
    """Log of conflicts (`syn-conflict`)."""

"""The vocabulary of env-hub, manifest version 0.1.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of env-hub can be about."""

    ACTOR = "env-actor"
    """Somebody outside whose doing makes a difference inside."""

    USER_GROUP = "env-user-group"
    """People who use what the system provides, and what they need."""

    MARKET = "env-market"
    """Where demand and offers meet."""

    PARTNER_SYSTEM = "env-partner-system"
    """A system of others that ours relies on, or that relies on ours."""

    SURFACE = "env-surface"
    """Where outsiders can touch the system."""

    EXTERNAL_ENDPOINT = "env-external-endpoint"
    """An address of others that ours calls."""

    SIGNAL = "env-signal"
    """Something noticed outside."""

    BOUNDARY = "env-boundary"
    """What separates inside from outside, and where it runs."""


class EventType(StrEnum):
    """What env-hub can report."""

    REGISTER_OPENED = "env-register-opened"
    """A map, directory or feed of this hub was set up."""

    ACTOR_REGISTERED = "env-actor-registered"
    """Somebody outside was entered for the first time."""

    PARTNER_CHANGED = "env-partner-changed"
    """A partner's system, terms or reliability are not what they were."""

    SURFACE_EXPOSED = "env-surface-exposed"
    """Outsiders can reach something that they could not reach before."""

    SURFACE_WITHDRAWN = "env-surface-withdrawn"
    """Outsiders can no longer reach something."""

    SIGNAL_OBSERVED = "env-signal-observed"
    """Something was noticed outside."""

    DEMAND_SHIFTED = "env-demand-shifted"
    """What users or markets ask for has moved."""

    BOUNDARY_REDRAWN = "env-boundary-redrawn"
    """Something that was outside is inside now, or the other way round."""

    ALGEDONIC_RAISED = "env-algedonic-raised"
    """Something outside hurts the system now."""


class AnnotationCategory(StrEnum):
    """What people can remark in env-hub."""

    UNKNOWN_ACTOR = "env-unknown-actor"
    """Somebody whose doing shows, but who is not known."""

    EXPOSURE = "env-exposure"
    """More can be reached from outside than should be."""

    DEPENDENCE = "env-dependence"
    """Something outside that cannot be done without."""

    VOLATILITY = "env-volatility"
    """Something outside that changes faster than it is followed."""

    BOUNDARY_DISPUTE = "env-boundary-dispute"
    """Not all agree whether something is inside."""


class PolicyScope(StrEnum):
    """What rules a widget of env-hub can be under."""

    PUBLIC = "env-public"
    """Anybody may know it."""

    PARTNER = "env-partner"
    """Known to a partner and to us, on agreed terms."""

    USER_DATA = "env-user-data"
    """Says something about people, and is treated accordingly."""

    REGULATED = "env-regulated"
    """Under rules that others make."""


class Widget(StrEnum):
    """The widgets that env-hub has from the start."""

    BOUNDARY_MAP = "env-boundary-map"
    """Map of the boundary (`env-boundary`)."""

    ACTOR_DIRECTORY = "env-actor-directory"
    """Directory of actors (`env-actor`)."""

    SIGNAL_FEED = "env-signal-feed"
    """Feed of signals (`env-signal`)."""

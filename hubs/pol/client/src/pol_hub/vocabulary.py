"""The vocabulary of pol-hub, manifest version 0.1.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of pol-hub can be about."""

    IDENTITY = "pol-identity"
    """Who the system is, and for whom."""

    VALUE = "pol-value"
    """What the system cares about when it has to choose."""

    ULTIMATE_CONSTRAINT = "pol-ultimate-constraint"
    """What holds whatever happens."""

    DECISION = "pol-decision"
    """What was decided for the whole, and why."""

    POSTURE = "pol-posture"
    """How much risk and strain is acceptable at present."""

    TENSION = "pol-tension"
    """Two rightful claims that pull apart."""

    EXCEPTION = "pol-exception"
    """Leave to depart from a constraint, until a date."""


class EventType(StrEnum):
    """What pol-hub can report."""

    REGISTER_OPENED = "pol-register-opened"
    """A charter or register of this hub was set up."""

    IDENTITY_AFFIRMED = "pol-identity-affirmed"
    """Who the system is was looked at again, and stands."""

    CONSTRAINT_ENACTED = "pol-constraint-enacted"
    """A constraint came into force."""

    DECISION_MADE = "pol-decision-made"
    """An argument was closed by a decision."""

    POSTURE_CHANGED = "pol-posture-changed"
    """More or less risk is acceptable now."""

    TENSION_RESOLVED = "pol-tension-resolved"
    """Two claims that pulled apart were reconciled, or one went first."""

    EXCEPTION_GRANTED = "pol-exception-granted"
    """Leave to depart from a constraint was given, until a date."""

    ALARM_ACKNOWLEDGED = "pol-alarm-acknowledged"
    """An alarm was heard, and somebody has it in hand."""

    ALGEDONIC_RAISED = "pol-algedonic-raised"
    """The system itself is in question."""


class AnnotationCategory(StrEnum):
    """What people can remark in pol-hub."""

    VIOLATION = "pol-violation"
    """Something done against a constraint."""

    IDENTITY_CONFLICT = "pol-identity-conflict"
    """Something that does not go with who the system is."""

    AMBIGUITY = "pol-ambiguity"
    """A rule that can be read in two ways."""

    EXCEPTION_EXPIRED = "pol-exception-expired"
    """A departure whose leave has run out."""

    VALUE_TRADEOFF = "pol-value-tradeoff"
    """One value given up for another, knowingly."""


class PolicyScope(StrEnum):
    """What rules a widget of pol-hub can be under."""

    WHOLE_SYSTEM = "pol-whole-system"
    """Holds for everyone."""

    CHARTER_CHANGE = "pol-charter-change"
    """Holds for changes of identity and values."""

    SAFETY = "pol-safety"
    """Holds where people or their data could come to harm."""

    CRISIS = "pol-crisis"
    """Holds while an alarm is open."""


class Widget(StrEnum):
    """The widgets that pol-hub has from the start."""

    CHARTER = "pol-charter"
    """Charter (`pol-identity`)."""

    CONSTRAINT_REGISTER = "pol-constraint-register"
    """Register of constraints (`pol-ultimate-constraint`)."""

    CURRENT_POSTURE = "pol-current-posture"
    """Current posture (`pol-posture`)."""

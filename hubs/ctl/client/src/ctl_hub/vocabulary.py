"""The vocabulary of ctl-hub, manifest version 0.1.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of ctl-hub can be about."""

    RESOURCE_BARGAIN = "ctl-resource-bargain"
    """What a unit gets, and what it answers for in return."""

    ALLOCATION = "ctl-allocation"
    """A share of something scarce that a unit may use."""

    RESOURCE_LIMIT = "ctl-resource-limit"
    """How much of something there is for all."""

    PRIORITY = "ctl-priority"
    """What comes before what."""

    GATE_DECISION = "ctl-gate-decision"
    """Whether something may move on, decided for more than one unit."""

    PERFORMANCE_INDEX = "ctl-performance-index"
    """How actuality, capability and potentiality of a unit compare."""

    INTERVENTION = "ctl-intervention"
    """An order that overrides what a unit would have done."""


class EventType(StrEnum):
    """What ctl-hub can report."""

    REGISTER_OPENED = "ctl-register-opened"
    """A ledger or register of this hub was set up."""

    BARGAIN_OPENED = "ctl-bargain-opened"
    """A unit and the whole began to talk about resources and results."""

    BARGAIN_AGREED = "ctl-bargain-agreed"
    """They agreed."""

    ALLOCATION_CHANGED = "ctl-allocation-changed"
    """A share grew, shrank or moved."""

    PRIORITY_CHANGED = "ctl-priority-changed"
    """What comes first is something else now."""

    GATE_PASSED = "ctl-gate-passed"
    """Something may move on."""

    GATE_HELD = "ctl-gate-held"
    """Something may not move on yet, for a reason that is named."""

    ACCOUNT_RECEIVED = "ctl-account-received"
    """A unit told what became of the resources it got."""

    INTERVENTION_ISSUED = "ctl-intervention-issued"
    """A unit was ordered to do, or not to do, something."""

    CAPABILITY_REPORTED = "ctl-capability-reported"
    """What the whole can do now was made known to those who plan for what comes."""

    RECOMMENDATION_ANSWERED = "ctl-recommendation-answered"
    """A recommendation was taken, refused or put off, with a reason."""

    FINDING_ANSWERED = "ctl-finding-answered"
    """What is done about a finding of audit was said."""

    ALGEDONIC_RAISED = "ctl-algedonic-raised"
    """The whole is about to fail in a way that control cannot mend in time."""


class AnnotationCategory(StrEnum):
    """What people can remark in ctl-hub."""

    OVERCOMMITTED = "ctl-overcommitted"
    """More was promised than there is."""

    LIMIT_BREACH = "ctl-limit-breach"
    """A unit used more than its share."""

    PRIORITY_CLASH = "ctl-priority-clash"
    """Two things that both come first."""

    ACCOUNT_OVERDUE = "ctl-account-overdue"
    """An account that should have come."""

    OVERREACH = "ctl-overreach"
    """Control that decides what a unit could decide by itself."""


class PolicyScope(StrEnum):
    """What rules a widget of ctl-hub can be under."""

    UNIT = "ctl-unit"
    """Concerns one unit."""

    PORTFOLIO = "ctl-portfolio"
    """Concerns all units together."""

    CAPACITY = "ctl-capacity"
    """Concerns how much there is of something."""

    GATING = "ctl-gating"
    """Concerns whether something may move on."""

    EMERGENCY = "ctl-emergency"
    """Holds only while something is on fire."""


class Widget(StrEnum):
    """The widgets that ctl-hub has from the start."""

    CURRENT_STATE = "ctl-current-state"
    """Current state of the whole (`ctl-performance-index`)."""

    RESOURCE_LEDGER = "ctl-resource-ledger"
    """Ledger of resources (`ctl-allocation`)."""

    GATE_REGISTER = "ctl-gate-register"
    """Register of gates (`ctl-gate-decision`)."""

"""The vocabulary of int-hub, manifest version 0.1.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of int-hub can be about."""

    ASSESSMENT = "int-assessment"
    """What something outside or ahead means for the whole."""

    ASSUMPTION = "int-assumption"
    """Something taken for granted until it is shown to be wrong."""

    SCENARIO = "int-scenario"
    """A way in which things could go."""

    FORECAST = "int-forecast"
    """A statement about the future that can be scored."""

    MIGRATION_ANALYSIS = "int-migration-analysis"
    """What a move would take, bring and risk."""

    RECOMMENDATION = "int-recommendation"
    """What control is advised to do, with a reason."""

    ADAPTATION_PLAN = "int-adaptation-plan"
    """How the system is to change, in steps."""


class EventType(StrEnum):
    """What int-hub can report."""

    REGISTER_OPENED = "int-register-opened"
    """A board, register or portfolio of this hub was set up."""

    ASSESSMENT_PUBLISHED = "int-assessment-published"
    """An assessment was made known."""

    ASSUMPTION_INVALIDATED = "int-assumption-invalidated"
    """Something taken for granted turned out to be wrong."""

    SCENARIO_UPDATED = "int-scenario-updated"
    """A scenario became more likely, less likely, or another."""

    FORECAST_ISSUED = "int-forecast-issued"
    """A forecast was made."""

    FORECAST_SCORED = "int-forecast-scored"
    """A forecast was compared with what came."""

    RECOMMENDATION_PROPOSED = "int-recommendation-proposed"
    """Control was advised to do something."""

    ADAPTATION_PLANNED = "int-adaptation-planned"
    """A plan to adapt was worked out."""

    ALGEDONIC_RAISED = "int-algedonic-raised"
    """Something is coming that leaves no time for the ordinary way."""


class AnnotationCategory(StrEnum):
    """What people can remark in int-hub."""

    WEAK_SIGNAL = "int-weak-signal"
    """A hint that is not yet a pattern."""

    UNCERTAIN = "int-uncertain"
    """Something said with less certainty than it sounds."""

    EXPIRED_ASSUMPTION = "int-expired-assumption"
    """An assumption that nobody has looked at for too long."""

    OPPORTUNITY = "int-opportunity"
    """Something that could be gained."""

    CAPABILITY_GAP = "int-capability-gap"
    """Something that the future asks for and the present cannot do."""


class PolicyScope(StrEnum):
    """What rules a widget of int-hub can be under."""

    EXPLORATORY = "int-exploratory"
    """Thinking aloud; nothing follows from it."""

    FORECASTING = "int-forecasting"
    """Statements that will be scored."""

    MIGRATION = "int-migration"
    """What is said before a migration is decided."""

    EXTERNAL_SOURCE = "int-external-source"
    """What comes from sources outside, and on which terms."""


class Widget(StrEnum):
    """The widgets that int-hub has from the start."""

    HORIZON_BOARD = "int-horizon-board"
    """Board of the horizon (`int-assessment`)."""

    ASSUMPTION_REGISTER = "int-assumption-register"
    """Register of assumptions (`int-assumption`)."""

    OPTION_PORTFOLIO = "int-option-portfolio"
    """Portfolio of options (`int-recommendation`)."""

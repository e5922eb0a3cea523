"""The vocabulary of aud-hub, manifest version 0.1.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of aud-hub can be about."""

    CLAIM = "aud-claim"
    """Something said that others rely on."""

    CHECK = "aud-check"
    """A way of finding out whether a claim is so."""

    SAMPLE = "aud-sample"
    """Cases that were drawn to be looked at."""

    OBSERVATION = "aud-observation"
    """What was seen, before anybody judged it."""

    EVIDENCE = "aud-evidence"
    """What supports or contradicts a claim, with where it came from."""

    FINDING = "aud-finding"
    """A difference between what should be and what was found."""

    TRAIL = "aud-trail"
    """The steps by which something came to be known."""


class EventType(StrEnum):
    """What aud-hub can report."""

    REGISTER_OPENED = "aud-register-opened"
    """A map, index or list of this hub was set up."""

    SAMPLE_DRAWN = "aud-sample-drawn"
    """Cases were chosen to be looked at."""

    CHECK_RUN = "aud-check-run"
    """A check was carried out."""

    EVIDENCE_CAPTURED = "aud-evidence-captured"
    """Something was kept that speaks for or against a claim."""

    CLAIM_CONFIRMED = "aud-claim-confirmed"
    """What was claimed was found to be so."""

    CLAIM_REFUTED = "aud-claim-refuted"
    """What was claimed was found not to be so."""

    DRIFT_CONFIRMED = "aud-drift-confirmed"
    """A difference between what is declared and what runs was seen independently."""

    FINDING_RAISED = "aud-finding-raised"
    """A finding was reported to control."""

    FINDING_CLOSED = "aud-finding-closed"
    """A finding was mended, and the mending was looked at."""

    ALGEDONIC_RAISED = "aud-algedonic-raised"
    """Something was found that no report would have carried up in time."""


class AnnotationCategory(StrEnum):
    """What people can remark in aud-hub."""

    UNVERIFIED = "aud-unverified"
    """A claim that nobody has looked into."""

    CONTRADICTION = "aud-contradiction"
    """Two pieces of evidence that cannot both be right."""

    STALE_EVIDENCE = "aud-stale-evidence"
    """Evidence too old to rely on."""

    BLIND_SPOT = "aud-blind-spot"
    """Something that no check reaches."""

    CONFLICT_OF_INTEREST = "aud-conflict-of-interest"
    """Somebody who would be checking themselves."""


class PolicyScope(StrEnum):
    """What rules a widget of aud-hub can be under."""

    READ_ONLY = "aud-read-only"
    """Looking changes nothing."""

    SAMPLING = "aud-sampling"
    """How cases are drawn, and who learns of it when."""

    RETENTION = "aud-retention"
    """How long evidence and trails are kept."""

    CONFIDENTIAL = "aud-confidential"
    """Who may see what was found."""


class Widget(StrEnum):
    """The widgets that aud-hub has from the start."""

    COVERAGE_MAP = "aud-coverage-map"
    """Map of what audit reaches (`aud-check`)."""

    OPEN_FINDINGS = "aud-open-findings"
    """Open findings (`aud-finding`)."""

    EVIDENCE_INDEX = "aud-evidence-index"
    """Index of evidence (`aud-evidence`)."""

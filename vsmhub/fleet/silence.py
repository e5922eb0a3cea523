"""What a fleet says of itself: that nobody observed for a while, as an annotation on each widget that it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.envelope import Envelope
from vsmhub.spec.folder import HubFolder

CATEGORY = "observability-gap"
"""The annotation category without the hub's prefix; a hub whose vocabulary lacks it has no word for a silence."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which nobody planned what to observe. `missed` counts slots by signal."""

    since: datetime
    until: datetime
    last_by: str
    noticed_by: str
    missed: Mapping[str, int]

    @property
    def said(self) -> str:
        """In one sentence."""
        return (
            f"Nobody observed from {self.since:%Y-%m-%d %H:%M:%S} to {self.until:%Y-%m-%d %H:%M:%S} UTC: "
            f"{sum(self.missed.values())} scheduled times passed. "
            f"The last to plan was {self.last_by}; {self.noticed_by} noticed."
        )


def annotations(silence: Silence, hub: HubFolder) -> tuple[Envelope, ...]:
    """One annotation for each widget whose signals were not observed; the same silence makes the same ones."""
    spec = hub.hub
    category = f"{spec.hub.prefix}-{CATEGORY}"
    if category not in spec.vocabulary.annotation_categories or hub.signals is None:
        return ()
    widgets: dict[str, dict[str, int]] = {}
    for signal in hub.signals.signals:
        if count := silence.missed.get(signal.name):
            for emission in signal.emits:
                widgets.setdefault(emission.widget, {})[signal.name] = count
    return tuple(
        Envelope.annotation(
            spec.hub.slug,
            widget,
            category,
            silence.said,
            source=f"urn:vsmhub:{spec.hub.slug}:workers",
            metadata={
                "since": rfc3339(silence.since),
                "until": rfc3339(silence.until),
                "lastWorker": silence.last_by,
                "noticedBy": silence.noticed_by,
                "missed": dict(missed),
            },
            actor=silence.noticed_by,
            at=silence.until,
            name=f"silence {rfc3339(silence.since)} {widget}",
        )
        for widget, missed in widgets.items()
    )

"""What an apply tells the target about itself: one event on the hub: what was changed, by whom and by which plan."""

from collections.abc import Sequence
from itertools import islice

from pydantic import JsonValue

from vsmhub.interhub.client import InterHub
from vsmhub.interhub.messages.evidence import EventCreate
from vsmhub.plan.desired import Desired
from vsmhub.plan.history import Run, recorded
from vsmhub.plan.journal import Recorded
from vsmhub.plan.live import Live

LOOKED_AT = 100
"""Events that are looked through for one that an apply sent of itself."""


def tell(runs: Sequence[Run], declared: Desired, live: Live, as_hub: InterHub) -> None:
    """Record each apply that changed something and is not recorded yet, and note in its journal that it is.

    An event is made from its journal alone and sent under the journal's name, so that an apply that was killed between
    the two is recorded once. Raises InterHubError, and FileError when the note cannot be written.
    """
    widget = live.widgets.get(declared.registration_widget)
    untold = [run for run in runs if run.needs_telling]
    if widget is None or not untold:
        return
    known: dict[JsonValue, Recorded] = {}
    if any(run.ended is None or run.is_taken_up for run in untold):
        said = as_hub.events(widget=widget.id, event_type=declared.applied_event, newest_first=True, limit=LOOKED_AT)
        for event in islice(said, LOOKED_AT):
            known[event.metadata.get("apply")] = Recorded(event=event.id)
    for run in untold:
        note = known.get(run.name)
        if note is None:
            request = EventCreate(
                widget_id=widget.id,
                event_type=declared.applied_event,
                occurred_at=run.ended.at if run.ended else run.begun.at,
                metadata=_metadata(run),
                actor=run.begun.by,
            )
            note = Recorded(event=as_hub.submit_event(request, idempotency_key=f"apply-{run.name}").id)
        recorded(run, note)


def _metadata(run: Run) -> dict[str, JsonValue]:
    counts: dict[str, JsonValue] = dict(run.counts())
    found: dict[str, JsonValue] = {
        "hub": run.begun.hub,
        "apply": run.name,
        "by": run.begun.by,
        "outcome": run.ended.outcome if run.ended else "cut off",
        "changes": counts,
        "vsmhub": run.begun.version,
    }
    if run.plan is not None:
        found["planDigest"] = run.plan.digest()
    if run.begun.undoes:
        found["undoes"] = run.begun.undoes
    return found

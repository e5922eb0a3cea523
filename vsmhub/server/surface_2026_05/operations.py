"""The operations of that API: all that it served, and nothing else."""

from vsmhub.server.operation import Operation
from vsmhub.server.operations import annotations, events, governance, patterns, tokens, widgets
from vsmhub.server.operations import registry as vocabularies
from vsmhub.server.surface_2026_05 import events as any_events
from vsmhub.server.surface_2026_05 import registry
from vsmhub.server.surface_2026_05.faults import faded

_SERVED = {
    "GET": {
        "/widgets",
        "/widgets/{id}",
        "/interaction-events",
        "/annotations",
        "/widget-types",
        "/event-types",
        "/annotation-categories",
        "/widget-patterns",
        "/widget-patterns/{id}",
    },
    "POST": {"/token", "/annotations", "/widget-patterns/{id}/adopt"},
}


def _served(operation: Operation) -> bool:
    return operation.path in _SERVED.get(operation.method, ())


OPERATIONS = tuple(
    faded(one)
    for one in (
        any_events.CREATE,
        *tokens.OPERATIONS,
        *registry.OPERATIONS,
        *filter(_served, events.OPERATIONS),
        *filter(_served, vocabularies.OPERATIONS),
        *filter(_served, widgets.OPERATIONS),
        *filter(_served, annotations.OPERATIONS),
        *governance.OPERATIONS,
        *filter(_served, patterns.OPERATIONS),
    )
)

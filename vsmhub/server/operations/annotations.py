"""Annotations: what people remark about a widget. Written once, never changed."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select
from starlette.responses import Response

from vsmhub.interhub.messages.evidence import Annotation, AnnotationCreate
from vsmhub.interhub.messages.wire import Name, Page
from vsmhub.interhub.tables import annotations
from vsmhub.server.answers import created, one
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import get_readable
from vsmhub.server.observed import observed_widgets
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import Id
from vsmhub.server.problems import invalid
from vsmhub.server.vocabulary import Kind, Use, undeclared
from vsmhub.server.writes import insertion


class AnnotationQuery(PageQuery):
    hub_id: UUID | None = None
    widget_id: UUID | None = None
    category: Name | None = None


ANNOTATIONS = Listing(
    Annotation,
    select(annotations),
    annotations.c.id,
    equal(annotations.c.hub_id, annotations.c.widget_id, annotations.c.category),
    owner=annotations.c.hub_id,
)


async def list_annotations(call: Calling, query: Annotated[AnnotationQuery, Query()]) -> Response:
    """Annotations of the hubs that the key may read."""
    return await ANNOTATIONS.page(call, query)


async def create_annotation(call: Calling, body: AnnotationCreate) -> Response:
    """A remark about a widget, in a category that the widget's hub declares."""
    widget = (await observed_widgets(call, [body.widget_id], [""]))[body.widget_id]
    use = Use(Kind.ANNOTATION_CATEGORY, body.category, "/category")
    problems = await undeclared(call.connection, widget["hub_id"], [use])
    if problems:
        raise invalid(*problems)
    row = {
        **body.model_dump(),
        "id": new_id(),
        "hub_id": widget["hub_id"],
        "actor": body.actor or call.caller.consumer_name,
    }
    made = await insertion(call.author, annotations, [row]).row(call.connection)
    return created(Annotation, made, "annotations")


async def get_annotation(call: Calling, annotation_id: Id) -> Response:
    """One annotation."""
    return one(Annotation, await get_readable(call, annotations, annotation_id))


_TAG = "Annotations"
OPERATIONS = (
    Operation("GET", "/annotations", list_annotations, Needs.HUB_READ, Page[Annotation], _TAG),
    Operation("POST", "/annotations", create_annotation, Needs.HUB_WRITE, Annotation, _TAG, status=201, tagged=True),
    Operation("GET", "/annotations/{id}", get_annotation, Needs.HUB_READ, Annotation, _TAG, tagged=True),
)

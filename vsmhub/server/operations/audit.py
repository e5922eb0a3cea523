"""The trail of writes: who, what, when, before and after."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import DateTime, bindparam, select
from starlette.responses import Response

from vsmhub.interhub.messages.audit import AuditRecord
from vsmhub.interhub.messages.wire import Moment, Name, Page, member
from vsmhub.interhub.tables import audit_records
from vsmhub.server.answers import Document, document
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.statements import Row


class AuditQuery(PageQuery):
    kind: Name | None = None
    object_id: UUID | None = None
    hub_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None


_MOMENT = DateTime(timezone=True)
TRAIL = Listing(
    AuditRecord,
    select(audit_records),
    audit_records.c.id,
    {
        **equal(audit_records.c.kind, audit_records.c.object_id, audit_records.c.hub_id),
        "since": audit_records.c.at >= bindparam("since", type_=_MOMENT),
        "until": audit_records.c.at < bindparam("until", type_=_MOMENT),
    },
)


async def list_audit_records(call: Calling, query: Annotated[AuditQuery, Query()]) -> Response:
    """Every write, oldest first: of one kind (a collection's name), to one object, or in one hub."""
    return await TRAIL.page(call, query, _shown)


def _shown(row: Row) -> Document:
    images = {side: _image(row[side]) for side in ("before", "after")}
    return {**document(AuditRecord, row), **images}


def _image(image: dict[str, object] | None) -> dict[str, object] | None:
    return None if image is None else {member(name): value for name, value in image.items()}


OPERATIONS = (
    Operation("GET", "/audit-records", list_audit_records, Needs.FRAMEWORK_ADMIN, Page[AuditRecord], "Audit"),
)

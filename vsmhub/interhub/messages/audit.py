"""The trail of writes."""

from uuid import UUID

from pydantic import Field, JsonValue

from vsmhub.interhub.messages.wire import Answer, Timestamp


class AuditRecord(Answer):
    """One write to one object. Neither image holds a secret."""

    id: int
    at: Timestamp
    key_id: UUID | None = Field(default=None, description="Null for a command on the server's own machine.")
    consumer_id: UUID | None = None
    actor: str
    action: str = Field(
        description="`create`, `update`, `activate`, `supersede`, `exchange`, `revoke`, `delete` or `expire`."
    )
    kind: str = Field(description="The collection that the object is in, as the API's paths have it.")
    object_id: UUID
    hub_id: UUID | None = None
    before: dict[str, JsonValue] | None = None
    after: dict[str, JsonValue] | None = None

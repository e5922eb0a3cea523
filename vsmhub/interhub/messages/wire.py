"""What all messages share: the naming, the texts they may hold, pages and problems."""

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

from vsmhub.interhub.messages.limits import BATCH_LIMIT, METADATA_DEPTH, METADATA_LIMIT

# PostgreSQL stores neither NUL nor lone surrogates; the other control characters have no place in a name.
LINE = r"^[^\u0000-\u001f\u007f]+$"
TEXT = r"^[^\u0000]*$"
NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
VERSION = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$"

Name = Annotated[str, StringConstraints(pattern=NAME, max_length=63)]
Line = Annotated[str, StringConstraints(pattern=LINE, max_length=500)]
Text = Annotated[str, StringConstraints(pattern=TEXT, max_length=20_000)]
Version = Annotated[str, StringConstraints(pattern=VERSION, max_length=64)]
KeyScope = Annotated[
    str,
    StringConstraints(
        pattern=r"^(framework:(read|admin)|hub:[a-z][a-z0-9]*(-[a-z0-9]+)*:(read|write))$", max_length=128
    ),
]


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]")


def _within_limit(value: dict[str, Any]) -> dict[str, Any]:
    size = _size(value)
    if size > METADATA_LIMIT:
        raise ValueError(f"holds {size} bytes as JSON; at most {METADATA_LIMIT} are taken")
    return value


def _size(value: object) -> int:
    text = _ENCODER.encode(value)
    if "\\u0000" in text:
        raise ValueError("holds the character U+0000, which cannot be stored")
    # Most hold fewer brackets than may lie in each other.
    if text.count("{") + text.count("[") > METADATA_DEPTH and _depth(value) > METADATA_DEPTH:
        raise ValueError(f"holds lists or objects more than {METADATA_DEPTH} deep in each other")
    return len(text.encode())


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, (dict, list))]:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return depth


Metadata = Annotated[dict[str, JsonValue], AfterValidator(_within_limit)]
"""A JSON object of at most 64 KiB and 100 levels, without U+0000 and with finite numbers."""


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999") from error


def _told_in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else _in_utc(value)


Timestamp = Annotated[datetime, AfterValidator(_told_in_utc)]
"""A time that a server tells, in UTC: turned to it, and taken to be in it where the server leaves out the offset."""


class Message(BaseModel):
    """Anything that travels; frozen, camelCase on the wire and snake_case in Python."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)


class Request(Message):
    """What a client sends: unknown members are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid")


class Answer(Message):
    """What a server says: members that are not known are ignored."""

    model_config = ConfigDict(extra="ignore")


class Resource(Answer):
    """Something with an identity. Its `ETag` is the revision in quotation marks."""

    id: UUID
    created_at: Timestamp
    updated_at: Timestamp
    revision: int = Field(ge=1, description="Counts the writes; `ETag` and `If-Match` carry it.")


class Identified(Answer):
    """Anything that has an id, where no more of it matters."""

    id: UUID


class Record(Answer):
    """Something that is written once and never changed."""

    id: UUID
    created_at: Timestamp


def member(name: str) -> str:
    """The name on the wire of what is called `name` in Python and in the database."""
    return to_camel(name)


T = TypeVar("T")


class Page(Answer, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    data: list[T]
    next_cursor: str | None = None


class Batch(Request, Generic[T]):
    """Several of a kind at once: all are taken or none."""

    items: list[T] = Field(min_length=1, max_length=BATCH_LIMIT)


class BatchAnswer(Answer, Generic[T]):
    """What a batch made, in the order asked for."""

    data: list[T]


class FieldProblem(Answer):
    """What is wrong with one member of a request."""

    pointer: str = Field(
        description="JSON Pointer into the request (RFC 6901), or `query`, `header` or `path` and a name."
    )
    detail: str
    value: JsonValue = None
    suggestions: list[str] = Field(default_factory=list, description="The closest values that would be taken.")
    existing_id: UUID | None = Field(default=None, description="In a conflict, what has the value already.")


class Problem(Answer):
    """An error as RFC 9457 has it (`application/problem+json`)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    instance: str | None = None
    errors: list[FieldProblem] = Field(default_factory=list)


def _spelt_out(value: object) -> object:
    if isinstance(value, (int, float)) or (isinstance(value, str) and not _DATE.match(value)):
        raise ValueError("must be a date and time with its offset (RFC 3339)")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_spelt_out), AfterValidator(_in_utc)]
"""A time with its offset (RFC 3339), turned to UTC; a number of seconds is not taken for one."""

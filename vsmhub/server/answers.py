"""Answers: rows become JSON as the messages have it, without being validated a second time."""

from collections.abc import Iterable, Mapping
from functools import cache

from pydantic_core import to_json
from starlette.responses import Response

from vsmhub.interhub.messages.wire import Answer

JSON = "application/json"

Document = dict[str, object]


class Made(Response):
    """An answer. `kept` is what a replay may show, where that is less than what is shown now."""

    def __init__(
        self,
        document: object,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        kept: object = None,
    ) -> None:
        super().__init__(to_json(document), status, headers, media_type=JSON)
        self.kept = self.body if kept is None else to_json(kept)


@cache
def _members(model: type[Answer]) -> tuple[tuple[str, str], ...]:
    return tuple((field.serialization_alias or name, name) for name, field in model.model_fields.items())


def document(model: type[Answer], row: Mapping[str, object]) -> Document:
    """The members that `model` has, by their names on the wire, from the columns of the same names."""
    return {member: row[column] for member, column in _members(model)}


def etag(row: Mapping[str, object]) -> str:
    """The entity tag: the revision, or 1 for what is written once and never changed."""
    return f'"{row.get("revision", 1)}"'


def one(model: type[Answer], row: Mapping[str, object]) -> Made:
    """A single resource, with its `ETag`."""
    return Made(document(model, row), headers={"ETag": etag(row)})


def created(model: type[Answer], row: Mapping[str, object], location: str) -> Made:
    """A resource just made, with its place."""
    headers = {"ETag": etag(row), "Location": f"/api/v2/{location}/{row['id']}"}
    return Made(document(model, row), status=201, headers=headers)


def batch(model: type[Answer], rows: Iterable[Mapping[str, object]]) -> Made:
    """What a batch made, in the order asked for."""
    return Made({"data": [document(model, row) for row in rows]}, status=201)

"""Operations as data: what each is called, needs and answers, for the router and for OpenAPI alike."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from vsmhub.server.caller import Needs
from vsmhub.server.guard import NEEDS
from vsmhub.server.idempotency import HEADER, REPLAYED

PREFIX = "/api/v2"
SCHEME = "accessToken"

REASONS = {
    400: "The body is not JSON.",
    401: "No credentials, or such that open nothing.",
    403: "The API key lacks the scope.",
    404: "Nothing there, or nothing that the API key may see.",
    409: "It does not fit what is already there.",
    412: "The resource has changed since.",
    413: "The body is larger than 1 MiB.",
    415: "The body is not JSON by its type.",
    422: "A member or parameter is wrong; `errors` says which.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "The database does not answer.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `endpoint`'s name becomes the operation's id, its docstring the description.

    `tagged` says that the answer carries an `ETag`; `matched`, that the request may carry `If-Match`; `idempotent`,
    that a POST which needs a token may carry an `Idempotency-Key`.
    """

    method: str
    path: str
    endpoint: Callable[..., Awaitable[Response]]
    needs: Needs
    answer: Any
    tag: str
    status: int = 200
    tagged: bool = False
    matched: bool = False
    idempotent: bool = True

    @property
    def repeats(self) -> bool:
        """Whether it heeds an `Idempotency-Key`."""
        return self.idempotent and self.method == "POST" and self.needs is not Needs.NOTHING


def add(router: APIRouter, operations: Sequence[Operation]) -> None:
    """Put operations on a router."""
    for operation in operations:
        router.add_api_route(
            # What is no UUID is no id, and leads nowhere: 404.
            PREFIX + operation.path.replace("{id}", "{id:uuid}").replace("{hubId}", "{hubId:uuid}"),
            operation.endpoint,
            methods=[operation.method],
            status_code=operation.status,
            response_model=operation.answer,
            responses=_responses(operation),
            summary=_summary(operation),
            operation_id=to_camel(operation.endpoint.__name__),
            tags=[operation.tag],
            openapi_extra=_extra(operation),
        )


def _summary(operation: Operation) -> str:
    words = operation.endpoint.__name__.replace("_", " ")
    return words[0].upper() + words[1:]


def _responses(operation: Operation) -> dict[int | str, dict[str, Any]]:
    statuses = {401, 422, 429, 503}
    if operation.needs is not Needs.NOTHING:
        statuses.add(403)
    if "{" in operation.path:
        statuses.add(404)
    if operation.method in {"POST", "PATCH"}:
        statuses |= {400, 413, 415}
        if operation.needs is not Needs.NOTHING:
            statuses.add(409)
    if operation.matched:
        statuses.add(412)
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": REASONS[status]} for status in sorted(statuses)
    }
    headers = {}
    if operation.tagged:
        headers["ETag"] = _header("The revision of the answer, for `If-Match`.")
        if operation.method == "GET":
            responses[304] = {"description": "The caller already has this revision."}
    if operation.repeats:
        headers[REPLAYED] = _header("`true` where this is the first answer again.")
    if headers:
        responses[operation.status] = {"headers": headers}
    return responses


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def _extra(operation: Operation) -> dict[str, Any]:
    parameters = []
    if operation.repeats:
        parameters.append(_parameter(HEADER, "Makes repeating safe: same key, same body, same answer."))
    if operation.matched:
        parameters.append(_parameter("If-Match", "Only if the resource is still at this `ETag`; otherwise 412."))
    if operation.tagged and operation.method == "GET":
        parameters.append(_parameter("If-None-Match", "Only if it is no longer at this `ETag`; otherwise 304."))
    extra: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if operation.needs is Needs.NOTHING:
        return {**extra, "security": []}
    return {**extra, "security": [{SCHEME: [str(operation.needs)]}], NEEDS: str(operation.needs)}


def _parameter(name: str, description: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if name == HEADER:
        schema |= {"minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}

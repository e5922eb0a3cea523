"""Refusals: why a request is not done, told as RFC 9457 has it."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from starlette.responses import Response

from vsmhub.interhub.messages.wire import FieldProblem, Problem

PROBLEM_JSON = "application/problem+json"

# RFC 9110's own words; Python's have changed between its versions.
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

_SHOWN = 200
_TOLD = 3


class Refusal(Exception):
    """A request that is not done; becomes the answer."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The answer, as `application/problem+json`."""
        problem = Problem(title=TITLES[self.status], status=self.status, detail=self.detail, errors=list(self.errors))
        # ASCII, because a value shown may hold a lone surrogate, which UTF-8 cannot carry.
        body = json.dumps(problem.model_dump(mode="json", by_alias=True, exclude_none=True)).encode("ascii")
        return Response(body, self.status, self.headers, media_type=PROBLEM_JSON)


def unauthenticated(detail: str, *, error: str = "") -> Refusal:
    """401, with the challenge that RFC 6750 asks for."""
    challenge = 'Bearer realm="inter-hub"' + (f', error="{error}"' if error else "")
    return Refusal(401, detail, headers={"WWW-Authenticate": challenge})


def forbidden(scope: str) -> Refusal:
    """403, in the same words whether or not what was named exists."""
    return Refusal(403, f"This needs the scope {scope}, which the API key does not have.")


def not_found() -> Refusal:
    """404, in the same words whether a thing is missing or not for the caller to see."""
    return Refusal(404, "There is nothing here, or nothing that the API key may see.")


def invalid(*errors: FieldProblem) -> Refusal:
    """422, naming what is wrong where."""
    told = "; ".join(_told(error) for error in errors[:_TOLD])
    return Refusal(422, told + (f"; and {len(errors) - _TOLD} more" if len(errors) > _TOLD else ""), errors=errors)


def _told(error: FieldProblem) -> str:
    guess = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
    return f"{error.pointer or 'the body'} {error.detail}{guess}"


def conflict(detail: str, *errors: FieldProblem) -> Refusal:
    """409: it does not fit what is already there."""
    return Refusal(409, detail, errors=errors)


def pointer(*parts: str | int) -> str:
    """A JSON Pointer (RFC 6901) to a member of the body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def field(
    where: str,
    detail: str,
    *,
    value: object = None,
    suggestions: Sequence[str] = (),
    existing_id: UUID | None = None,
) -> FieldProblem:
    """What is wrong with one member; a value is shown when it is short and plain."""
    if isinstance(value, str) and len(value) > _SHOWN:
        value = value[:_SHOWN] + "…"
    shown = value if isinstance(value, (str, int, float, bool)) else None
    return FieldProblem.model_construct(
        pointer=where, detail=detail, value=shown, suggestions=list(suggestions), existing_id=existing_id
    )

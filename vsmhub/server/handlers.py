"""What the framework refuses, said as the API says it: problem+json with pointers."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from vsmhub.interhub.messages.wire import FieldProblem
from vsmhub.server.problems import TITLES, Refusal, field, invalid, pointer

# What is sent here is a secret and must not come back in an answer that may be logged.
_SILENT = "/api/v2/token"


async def _refusal(request: Request, error: Refusal) -> Response:  # noqa: ARG001 - as handlers are called
    return error.response()


async def _http(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        return Refusal(404, "There is no such path.").response()
    if error.status_code == 405:
        allowed = ", ".join(_allowed(request))
        detail = f"{request.method} is not possible here; {allowed} is."
        return Refusal(405, detail, headers={"Allow": allowed}).response()
    status = error.status_code if error.status_code in TITLES else 400
    return Refusal(status, str(error.detail), headers=error.headers).response()


def _allowed(request: Request) -> list[str]:
    methods: set[str] = set()
    for route in request.app.router.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= getattr(route, "methods", None) or set()
    return sorted(methods)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    silent = request.url.path == _SILENT
    return invalid(*(_field(one, silent=silent) for one in error.errors())).response()


def _field(error: Mapping[str, Any], *, silent: bool) -> FieldProblem:
    where, *path = error["loc"]
    place = pointer(*path) if where == "body" else "/".join(str(part) for part in (where, *path))
    message = str(error["msg"]).removeprefix("Value error, ")
    value = None if silent else error.get("input")
    return field(place, message[:1].lower() + message[1:], value=value, suggestions=_expected(error))


def _expected(error: Mapping[str, Any]) -> Sequence[str]:
    if error["type"] != "literal_error" and error["type"] != "enum":
        return ()
    return [word.strip("' ") for word in str(error["ctx"]["expected"]).replace(" or ", ", ").split(",")]


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]

HANDLERS: dict[int | type[Exception], Handler] = {
    Refusal: _refusal,
    HTTPException: _http,
    RequestValidationError: _validation,
}

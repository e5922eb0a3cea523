"""What every operation stands behind: authentication, rate limit, scope, query and body checks, transaction, replay."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from psycopg import AsyncConnection, errors
from psycopg.rows import DictRow
from pydantic import BaseModel
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from vsmhub.server import idempotency
from vsmhub.server.call import Call
from vsmhub.server.caller import Needs, caller_of, token_from
from vsmhub.server.credentials import hashed
from vsmhub.server.preconditions import unchanged
from vsmhub.server.problems import Refusal, field, invalid
from vsmhub.server.services import COUNTED, services_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

NEEDS = "x-required-scope"
"""Where an operation's OpenAPI says which scope it needs; the guard enforces the same member."""

_BODY_METHODS = {"POST", "PATCH"}
_ATTEMPTS = 4
# Somebody else was faster: a second look finds what they wrote, and refuses or goes on accordingly.
_LOOK_AGAIN = (errors.UniqueViolation, errors.SerializationFailure, errors.DeadlockDetected)


class JsonRequest(Request):
    """A request whose JSON was read once, strictly: no NaN, and nothing nested beyond reason."""

    document: Any = None

    async def read(self) -> None:
        """Read the body; 415 for what is not JSON by its type, 400 for what is not JSON at all."""
        body = await self.body()
        if not body:
            return
        media = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
            raise Refusal(415, "Send JSON: Content-Type: application/json.", headers={"Accept": "application/json"})
        try:
            self.document = from_json(body, allow_inf_nan=False)
        except ValueError as error:
            raise Refusal(400, f"The body is not JSON: {error}.") from error

    async def json(self) -> Any:  # noqa: ANN401 - as Starlette declares it
        return self.document


class GuardedRoute(APIRoute):
    """A route that lets nothing through to its operation but what the operation may be asked."""

    def get_route_handler(self) -> Handler:
        operation = super().get_route_handler()
        needs = Needs((self.openapi_extra or {}).get(NEEDS, ""))
        queries = frozenset(_query_names(self))
        repeats = any(one["name"] == idempotency.HEADER for one in (self.openapi_extra or {}).get("parameters", ()))
        (method,) = self.methods or {"GET"}

        async def handle(request: Request) -> Response:
            services = services_of(request)
            request = JsonRequest(request.scope, request.receive)
            token = token_from(request.headers.get("authorization")) if needs is not Needs.NOTHING else ""
            _check_query(request, queries)
            if method in _BODY_METHODS:
                await request.read()
            if needs is Needs.NOTHING:
                return await operation(request)
            async with services.database.connection() as connection:
                token_hash = hashed(token)
                caller = await caller_of(connection, token_hash)
                services.holders.remember(token_hash, caller.key_id)
                if COUNTED not in request.scope:
                    services.limiter.take(caller.key_id)
                caller.require(needs)
                headers = request.headers
                request.state.call = Call(
                    caller, connection, services.settings, headers.get("if-match"), headers.get("if-none-match")
                )
                if method == "GET":
                    return _conditional(request, await operation(request))
                return await _written(request, operation, connection, repeats=repeats)

        return handle


def _conditional(request: Request, answer: Response) -> Response:
    tag = answer.headers.get("etag")
    if tag is not None and unchanged(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return answer


async def _written(
    request: JsonRequest, operation: Handler, connection: AsyncConnection[DictRow], *, repeats: bool
) -> Response:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with connection.transaction():
                return await _once(request, operation, connection) if repeats else await operation(request)
        except _LOOK_AGAIN as error:
            if attempt == _ATTEMPTS:
                raise Refusal(409, "Others keep writing the same thing; try again.") from error
    raise AssertionError


async def _once(request: JsonRequest, operation: Handler, connection: AsyncConnection[DictRow]) -> Response:
    name = request.headers.get(idempotency.HEADER)
    if name is None:
        return await operation(request)
    owner = request.state.call.caller.key_id
    mark = idempotency.fingerprint(request.url.path, request.document)
    first = await idempotency.begin(connection, owner, idempotency.checked(name), mark)
    if first is not None:
        return first
    answer = await operation(request)
    await idempotency.keep(connection, owner, name, answer)
    return answer


def _query_names(route: APIRoute) -> list[str]:
    names = []
    for parameter in route.dependant.query_params:
        model = parameter.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            names += [info.alias or name for name, info in model.model_fields.items()]
        else:
            names.append(parameter.alias)
    return names


def _check_query(request: Request, known: frozenset[str]) -> None:
    given = [name for name, _ in request.query_params.multi_items()]
    wrong = [field(f"query/{name}", "is not known here") for name in dict.fromkeys(given) if name not in known]
    wrong += [field(f"query/{name}", "is given twice") for name in known if given.count(name) > 1]
    if wrong:
        raise invalid(*wrong)


def unavailable() -> Refusal:
    """503: the database does not answer."""
    return Refusal(503, "The database does not answer; try again soon.", headers={"Retry-After": "2"})

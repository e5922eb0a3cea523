"""The outermost layer: limits the body, and turns what nobody expected into an answer that tells nothing of it."""

import logging
import time

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vsmhub.interhub.messages.limits import BODY_LIMIT
from vsmhub.server.guard import unavailable
from vsmhub.server.problems import Refusal
from vsmhub.server.services import Services

_LOG = logging.getLogger(__name__)
_LEFT = 499
"""How those are counted that went before they were answered, as nginx does."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


class Boundary:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        begun = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            _check_length(scope)
            await self._app(scope, _limited(receive), sending)
        except ClientDisconnect:
            status = _LEFT  # in the middle of its request: there is nobody to answer, and nothing has failed
        except Exception as error:
            if status:
                raise
            answer = (await self._refusal(error, scope)).response()
            await answer(scope, receive, sending)
        finally:
            services: Services = scope["app"].state.services
            route = getattr(scope.get("route"), "path", "none")
            services.metrics.count_request(_method(scope), route, status, time.perf_counter() - begun)

    async def _refusal(self, error: Exception, scope: Scope) -> Refusal:
        if isinstance(error, Refusal):
            return error
        if isinstance(error, (psycopg.OperationalError, PoolTimeout, PoolClosed, TooManyRequests)):
            _LOG.warning("the database does not answer: %s", error)
            services: Services = scope["app"].state.services
            await services.database.recheck()
            return unavailable()
        _LOG.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
        return Refusal(500, "Something went wrong here; the server's log says what.")


def _method(scope: Scope) -> str:
    """The method; one that is none of the usual is not made a series of its own."""
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def _check_length(scope: Scope) -> None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > BODY_LIMIT:
            raise _too_large()


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > BODY_LIMIT:
                raise _too_large()
        return message

    return receiving


def _too_large() -> Refusal:
    return Refusal(413, f"The body may be {BODY_LIMIT} bytes at most.", headers={"Connection": "close"})

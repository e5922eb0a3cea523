"""The short way for single events: straight to the intake, past routing and all that an event does not need.

It takes only what it can prove good at a glance: a token seen before, plain JSON, a well-formed event. Everything
else, and whatever the intake does not take, goes the ordinary way unchanged, which does it or says what is wrong.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vsmhub.interhub.messages.evidence import EventCreate
from vsmhub.server import idempotency
from vsmhub.server.credentials import hashed
from vsmhub.server.events.intake import Intake
from vsmhub.server.events.submission import Submission
from vsmhub.server.identifiers import new_id
from vsmhub.server.services import COUNTED, Services

PATH = "/api/v2/interaction-events"
_JSON = (b"content-type", b"application/json")


@dataclass(frozen=True, slots=True)
class _Lane:
    """What the metrics call it."""

    path: str


class Express:
    """ASGI middleware around the router."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        self._intake = Intake(services.database, f"{PATH}/")
        self._lane = _Lane(PATH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["route"] = self._lane
        headers = dict(scope["headers"])
        token = headers.get(b"authorization", b"")
        token_hash = hashed(token[7:].decode("latin-1")) if token[:7] == b"Bearer " else b""
        key_id = self._services.holders.get(token_hash)
        if key_id is None or scope["query_string"] or headers.get(b"content-type") != b"application/json":
            await self._app(scope, receive, send)
            return
        self._services.limiter.take(key_id)
        scope[COUNTED] = True
        body = await _body(receive)
        submission = _submission(token_hash, headers.get(b"idempotency-key"), body)
        answer = None if submission is None else await self._intake.submit(submission)
        if submission is None or answer is None:
            await self._app(scope, _again(body, receive), send)
            return
        await send(
            {
                "type": "http.response.start",
                "status": 201,
                "headers": [
                    _JSON,
                    (b"content-length", b"%d" % len(answer)),
                    (b"etag", b'"1"'),
                    (b"location", f"{PATH}/{submission.id}".encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": answer})


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for who reads it next."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _submission(token_hash: bytes, name: bytes | None, body: bytes) -> Submission | None:
    try:
        event = EventCreate.model_validate_json(body)
        if name is None:
            return Submission(token_hash, new_id(), datetime.now(UTC), event, None, b"")
        mark = idempotency.fingerprint(PATH, from_json(body))
        key = name.decode("latin-1")
        if not idempotency.well_formed(key):
            return None
        return Submission(token_hash, new_id(), datetime.now(UTC), event, key, mark)
    except (ValidationError, ValueError):
        return None

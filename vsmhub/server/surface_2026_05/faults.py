"""What that API did otherwise, laid over the operations of today: no revisions, no tags, nothing refused as unknown."""

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model
from pydantic_core import from_json
from starlette.responses import Response

from vsmhub.server.answers import Made
from vsmhub.server.operation import Operation

COUNTER = "revision"
_MEMBER_OF_ENTRIES = ("hub", "manifest")


def faded(operation: Operation) -> Operation:
    """The operation as it was then: the same work, asked for and answered in the older way."""
    return replace(operation, endpoint=_endpoint(operation.endpoint), tagged=False, matched=False, idempotent=False)


def _endpoint(endpoint: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    @functools.wraps(endpoint)
    async def older(**given: Any) -> Response:  # noqa: ANN401 - whatever the operation takes
        answer = await endpoint(**given)
        return _uncounted(answer) if answer.status_code < 300 else answer

    signature = inspect.signature(endpoint)
    parameters = [
        one.replace(annotation=_lenient(one.annotation)) if one.name == "body" else one
        for one in signature.parameters.values()
    ]
    older.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return older


def _lenient(message: type[BaseModel]) -> type[BaseModel]:
    """The same message with unknown members ignored: the request was described by the answer, and so it came."""
    ignoring = create_model(message.__name__, __base__=message)
    ignoring.model_config = ConfigDict(**{**message.model_config, "extra": "ignore"})
    ignoring.model_rebuild(force=True)
    return ignoring


def _uncounted(answer: Response) -> Response:
    document = from_json(bytes(answer.body))
    listed = document.get("data", [document]) if isinstance(document, dict) else []
    for one in listed:
        one.pop(COUNTER, None)
        for name in _MEMBER_OF_ENTRIES:
            if isinstance(one.get(name), dict):
                one[name].pop(COUNTER, None)
    kept = {name: value for name, value in answer.headers.items() if name in {"location", "cache-control"}}
    return Made(document, status=answer.status_code, headers=kept)

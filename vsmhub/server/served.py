"""What an application serves: the part in which surfaces differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.routing import Route

from vsmhub.server.operation import Operation


@dataclass(frozen=True, slots=True)
class Served:
    """One surface. `edit` has the last word on its OpenAPI document; `express` says whether events go the short way."""

    operations: Sequence[Operation]
    routes: Sequence[Route]
    version: str
    description: str
    edit: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    express: bool = True

"""One authenticated request at work: who calls, the connection, and the conditions it came with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from psycopg import AsyncConnection
from psycopg.rows import DictRow
from starlette.requests import Request

from vsmhub.server.caller import Caller
from vsmhub.server.settings import Settings
from vsmhub.server.writes import Author


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation works with. In a write, `connection` is inside the request's one transaction."""

    caller: Caller
    connection: AsyncConnection[DictRow]
    settings: Settings
    if_match: str | None
    if_none_match: str | None

    @property
    def author(self) -> Author:
        caller = self.caller
        return Author(actor=caller.consumer_name, key_id=caller.key_id, consumer_id=caller.consumer_id)


async def _current(request: Request) -> Call:
    call: Call = request.state.call
    return call


Calling = Annotated[Call, Depends(_current)]
"""An operation's parameter for the request it works on."""

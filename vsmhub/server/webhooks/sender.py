"""One attempt to deliver: the address is looked up, checked, and then that very address is connected to."""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import httpx
from pydantic_core import to_json

from vsmhub.server.settings import WebhookSettings
from vsmhub.server.webhooks.addresses import complaint_about, refused
from vsmhub.server.webhooks.signing import headers

USER_AGENT = "vsmhub-webhooks"
_GONE = 410

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host, for a port."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes where. `id` stays the same in every attempt."""

    id: UUID
    subscription_id: UUID
    url: str
    secret: str
    event_type: str
    event: Mapping[str, object]
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went; `final` says that trying again makes no sense."""

    delivered: bool
    error: str = ""
    final: bool = False


async def resolved(host: str, port: int) -> list[str]:
    """The addresses that the system knows of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Sender:
    """Sends deliveries. Proxies from the environment are not used: they would look up names themselves."""

    def __init__(self, settings: WebhookSettings, resolver: Resolver = resolved) -> None:
        self._settings = settings
        self._resolve = resolver
        self._client = httpx.AsyncClient(
            timeout=settings.timeout.total_seconds(), follow_redirects=False, trust_env=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once. Whatever goes wrong out there is told in the outcome."""
        complaint = complaint_about(delivery.url, allow_private=self._settings.allow_private)
        if complaint:
            return Outcome(delivered=False, error=f"the URL {complaint}")
        try:
            async with asyncio.timeout(self._settings.timeout.total_seconds()):
                return await self._attempt(delivery)
        except TimeoutError:
            return Outcome(delivered=False, error="no answer in time")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return Outcome(delivered=False, error=type(error).__name__)

    async def _attempt(self, delivery: Delivery) -> Outcome:
        url = httpx.URL(delivery.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        address = await self._allowed(url.host, port)
        if address is None:
            return Outcome(delivered=False, error="no address that deliveries may go to")
        body = to_json({"type": delivery.event_type, "timestamp": delivery.event["createdAt"], "data": delivery.event})
        signed = headers(delivery.secret, str(delivery.id), int(time.time()), body)
        request = self._client.build_request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers={
                **signed,
                "host": url.netloc.decode("ascii"),
                "content-type": "application/json",
                "user-agent": USER_AGENT,
            },
            extensions={"sni_hostname": url.host},
        )
        answer = await self._client.send(request, stream=True)  # its body is nobody's business here
        await answer.aclose()
        if answer.is_success:
            return Outcome(delivered=True)
        return Outcome(delivered=False, error=f"answered {answer.status_code}", final=answer.status_code == _GONE)

    async def _allowed(self, host: str, port: int) -> str | None:
        for address in await self._resolve(host, port):
            if not refused(ipaddress.ip_address(address), allow_private=self._settings.allow_private):
                return address
        return None

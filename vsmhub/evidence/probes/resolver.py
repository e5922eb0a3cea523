"""Names to addresses, by the system's resolver, in threads of its own so that a slow name does not hold up others."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from vsmhub.evidence.probes.observation import Reason, Trouble

THREADS = 32


class Resolver:
    """Looks names up; several who ask for one name at once share one question. Nothing is kept for later."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None
        self._asked: dict[str, asyncio.Future[tuple[str, ...]]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The IP addresses of `host` in the system's order, itself if it is one; Trouble when there is none."""
        address = _address(host)
        if address is not None:
            return (address,)
        asked = self._asked.get(host)
        if asked is None:
            loop = asyncio.get_running_loop()
            if self._threads is None:
                self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="resolver")
            asked = loop.run_in_executor(self._threads, _look_up, host)
            self._asked[host] = asked
            asked.add_done_callback(lambda _: self._asked.pop(host, None))
        return await asyncio.shield(asked)

    def close(self) -> None:
        """Let the threads go, without waiting for names that are still looked up."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)


@lru_cache(maxsize=16384)
def _address(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _look_up(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            # The resolver had no answer, which says nothing about the name.
            raise Trouble(Reason.PROBER, f"this machine's resolver gives no answer about {host}") from error
        raise Trouble(Reason.DNS, f"there is no host {host}") from error
    except UnicodeError as error:
        raise Trouble(Reason.DNS, f"{host} is no host name") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

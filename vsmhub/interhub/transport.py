"""Requests on the wire, by httpx; with `unix_socket`, the only module that knows which library does it."""

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vsmhub import __version__
from vsmhub.interhub.address import Address, reached
from vsmhub.interhub.compression import ACCEPTED, BrokenCompression, Unpacking
from vsmhub.interhub.errors import BadAddress, Nonsense, Unreachable
from vsmhub.interhub.exchange import Call, NoReply, Reply

if TYPE_CHECKING:
    import httpx

AGAIN = "It may be busy or starting: try again; its log may tell more."
ANSWER_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, between two pieces read, between two written, and to wait for a free connection.

    `answer` bounds the time that the body of an answer takes as a whole, however steadily it trickles in.
    """

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 30.0
    answer: float = 120.0


class Transport:
    """Connections to one target, opened when first needed and kept for the next request. May be used from threads."""

    def __init__(self, address: Address, timeouts: Timeouts, *, answer_limit: int = ANSWER_LIMIT) -> None:
        self._address = address
        self._timeouts = timeouts
        self._limit = answer_limit
        self._url, self._host = reached(address.url)
        self._client: httpx.Client | None = None
        self._opening = threading.Lock()

    def send(self, call: Call, token: str | None) -> Reply | NoReply:
        """Do one exchange. Redirects are answers like others; an answer larger than the limit is not read on."""
        import httpx

        with self._opening:
            client = self._client = self._client or self._open()
        headers = {**call.headers}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if call.content is not None:
            headers["Content-Type"] = "application/json"
        if self._host is not None:
            headers["Host"] = self._host
        url = self._url + call.path + (f"?{urlencode(call.query)}" if call.query else "")
        status = None
        try:
            with client.stream(call.method, url, headers=headers, content=call.content) as response:
                status = response.status_code
                return self._read(response)
        except BrokenCompression as error:
            return NoReply(Nonsense, f"{status} with an answer whose compression is broken", cause=error, again=False)
        except httpx.TransportError as error:
            return _no_reply(error, status, self._address)
        except UnicodeError as error:  # from the resolver, which wants labels of at most 63 characters
            raise BadAddress(f"{self._address.url!r} cannot be used: its host is no host name") from error

    def close(self) -> None:
        """Close all connections; the next request would open new ones."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _read(self, response: "httpx.Response") -> Reply | NoReply:
        body = Unpacking(response.headers.get("content-encoding", ""), self._limit)
        latest = time.monotonic() + self._timeouts.answer
        for piece in response.iter_raw():
            body.take(piece)
            if time.monotonic() > latest:
                what = f"{response.status_code} with an answer that had not ended after {self._timeouts.answer:g} s"
                return NoReply(Nonsense, what)
            if body.full:
                what = f"{response.status_code} with an answer of more than {self._limit} bytes, which is not read"
                return NoReply(Nonsense, what, again=False, too_big=True)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, body.whole())

    def _open(self) -> "httpx.Client":
        import httpx

        private = self._address.is_private
        through = None
        if self._address.socket is not None:
            from vsmhub.interhub.unix_socket import UnixSocket

            through = UnixSocket(self._address.socket)
        try:
            httpx.URL(self._address.url)
            client = httpx.Client(
                transport=through,
                verify=self._verification(),
                # A proxy has nothing to do with what stays on this machine.
                trust_env=not private,
                timeout=httpx.Timeout(
                    connect=self._timeouts.connect,
                    read=self._timeouts.read,
                    write=self._timeouts.write,
                    pool=self._timeouts.pool,
                ),
                headers={
                    "User-Agent": f"vsmhub/{__version__}",
                    "Accept": "application/json",
                    "Accept-Encoding": ACCEPTED,
                },
                follow_redirects=False,
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise BadAddress(f"{self._address.url!r} cannot be used: {error}") from error
        return client

    def _verification(self) -> ssl.SSLContext:
        import httpx

        if self._address.url.startswith("https:"):
            return httpx.create_ssl_context()  # heeds SSL_CERT_FILE, on this machine as well
        # No TLS, so no certificates to load (which takes longer than a request); it would still verify.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _no_reply(error: Exception, status: int | None, address: Address) -> NoReply:
    import httpx

    if status is not None:
        what = "timed out" if isinstance(error, httpx.TimeoutException) else "was cut off"
        return NoReply(Nonsense, f"{status} with an answer that {what} before its end", cause=error, hint=AGAIN)
    timeouts = {
        httpx.ConnectTimeout: "no connection in time",
        httpx.ReadTimeout: "no answer in time",
        httpx.WriteTimeout: "the request could not be sent in time",
        httpx.PoolTimeout: "no connection was free in time",
    }
    for kind, what in timeouts.items():
        if isinstance(error, kind):
            return NoReply(Unreachable, what, cause=error, hint=AGAIN)
    if isinstance(error, httpx.ConnectError):
        return _not_connected(error, address)
    if isinstance(error, httpx.ProxyError):
        return NoReply(Unreachable, "the proxy refused", cause=error, hint="See HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return NoReply(Nonsense, "what answers does not speak HTTP", cause=error, hint="Check the URL and its port.")
    return NoReply(Unreachable, "the connection was cut before an answer came", cause=error, hint=AGAIN)


def _not_connected(error: Exception, address: Address) -> NoReply:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            what = f"its certificate is not trusted: {cause.verify_message}"
            hint = "Mend the certificate, or name the authority that signed it in SSL_CERT_FILE."
            return NoReply(Unreachable, what, cause=error, hint=hint, again=False)
        if isinstance(cause, ssl.SSLError):
            what = f"TLS failed: {(cause.reason or 'for no stated reason').lower().replace('_', ' ')}"
            return NoReply(Unreachable, what, cause=error, hint="Does it speak https at all?", again=False)
        if isinstance(cause, socket.gaierror):
            # EAI_AGAIN is a name server that is busy; the others say that there is no such host.
            again = cause.errno == socket.EAI_AGAIN
            return NoReply(Unreachable, "its host name is not known", cause=error, hint="Check the URL.", again=again)
    where = f"socket {address.socket}" if address.socket else "address"
    refusal = next((one for one in causes if isinstance(one, OSError) and one.strerror), None)
    what = refusal.strerror.lower() if refusal and refusal.strerror else "no connection"
    return NoReply(Unreachable, what, cause=error, hint=f"Is Inter-Hub running, and listening at that {where}?")


def _causes(error: BaseException) -> "list[BaseException]":
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found

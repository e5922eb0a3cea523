"""Where a target is: its base URL, perhaps behind a Unix socket, and by which name errors call it."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vsmhub.interhub.errors import BadAddress

API = "/api/v2"


@dataclass(frozen=True, slots=True)
class Address:
    """`url` ends with `/api/v2`; `label` stands for the target in every message."""

    url: str
    label: str
    socket: Path | None = None

    @property
    def is_private(self) -> bool:
        """Whether what travels there never leaves this machine."""
        return self.socket is not None or _is_loopback(urlsplit(self.url).hostname or "")


LOOPBACK = "127.0.0.1"


def reached(url: str) -> tuple[str, str | None]:
    """The URL to connect to, and the `Host` that `url` means where that is another.

    `*.localhost` is this machine (RFC 6761, 6.3), whatever a name server of somebody else's says: not all resolvers
    know that, and keys go there readable.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not (parts.hostname or "").endswith(".localhost"):
        return url, None
    port = f":{parts.port}" if parts.port else ""
    return f"http://{LOOPBACK}{port}{parts.path}", parts.netloc


def address(base: str, *, socket: Path | None = None, label: str = "", insecure: bool = False) -> Address:
    """The address that `base` means: the API itself (`…/api/v2`) or the root of the service that has it.

    Raises BadAddress when it is not an http(s) URL, holds credentials, a query or a fragment, or would let keys
    travel readable: http to another machine, unless `insecure`.
    """
    try:
        parts = urlsplit(base.strip())
        parts.port  # noqa: B018 - raises when it is not a number
    except ValueError as error:
        raise BadAddress(f"{base!r} is not a URL: {error}", hint="Give one like https://hub.example.org.") from error
    if "@" in parts.netloc:
        raise BadAddress("the target's URL holds credentials", hint="Keep keys in a secret store; leave them out here.")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadAddress(f"{base!r} is not an http or https URL", hint="Give one like https://hub.example.org.")
    if any(letter.isspace() or not letter.isprintable() for letter in base.strip()):
        raise BadAddress(f"{base!r} has white space or control characters in it")
    if parts.query or parts.fragment:
        raise BadAddress(f"{base!r} has a query or a fragment", hint="Give the URL up to the path.")
    path = parts.path.rstrip("/")
    url = f"{parts.scheme}://{parts.netloc}{path if path.endswith(API) else path + API}"
    found = Address(url=url, label=label or url, socket=socket)
    if parts.scheme == "http" and not found.is_private and not insecure:
        raise BadAddress(
            f"{base!r} is plain http to another machine: keys would travel readable",
            hint="Use https, or set insecure = true for a target in vsmhub.toml, on a network you trust.",
        )
    return found


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""Connecting to a host: name, address, TCP and TLS, each with its own time and its own reason to fail."""

import asyncio
import errno
import os
import ssl
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TypeVar

from vsmhub.evidence.probes import certificate
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.evidence.probes.reach import demand_allowed

P = TypeVar("P", bound=asyncio.Protocol)
ADDRESSES_TRIED = 4

# What this machine lacks when connecting fails with one of these; all others are the target's.
OURS = frozenset(
    {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
        errno.EADDRNOTAVAIL,
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.EACCES,
        errno.EPERM,
        errno.EAFNOSUPPORT,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A host and a port that the spec names."""

    host: str
    port: int
    allow: Sequence[str] = ()

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


async def addresses(place: Place, context: Context, record: Record) -> tuple[str, ...]:
    """The addresses of a place, all of which may be gone to; Trouble otherwise."""
    with record.phase("dns"):
        found = await context.resolver.addresses(place.host)
    for address in found:
        demand_allowed(address, place.host, place.allow)
    return found[:ADDRESSES_TRIED]


async def connect(
    place: Place, protocol: Callable[[], P], context: Context, record: Record
) -> tuple[asyncio.Transport, P]:
    """A TCP connection to the first address that answers; each has its share of the time."""
    found = await addresses(place, context, record)
    trouble: Trouble | None = None
    with record.phase("connect"):
        for address in found:
            record.facts["address"] = address
            try:
                # With one address all the time is its own, which the whole look is bounded by already.
                async with asyncio.timeout(context.timeout / len(found)) if len(found) > 1 else nullcontext():
                    loop = asyncio.get_running_loop()
                    return await loop.create_connection(protocol, address, place.port)
            except TimeoutError:
                trouble = Trouble(Reason.TIMEOUT, f"{place} does not answer at {address} (connect)")
            except OSError as error:
                trouble = refused(error, str(place) if address == place.host else f"{place} at {address}")
    raise trouble or Trouble(Reason.DNS, f"there is no address for {place.host}")


async def secure(
    transport: asyncio.Transport,
    protocol: P,
    place: Place,
    name: str,
    context: Context,
    record: Record,
    *,
    verify: bool,
) -> asyncio.Transport:
    """TLS over a connection; what the certificate says becomes facts. Trouble when it is not trusted and must be.

    Where it is not trusted, a second connection reads it, so that the evidence says which certificate it was.
    """
    trust = context.trust.verifying if verify else context.trust.reading
    try:
        with record.phase("tls"):
            over_tls = await _handshake(transport, protocol, trust, name)
    except ssl.SSLCertVerificationError as error:
        record.facts["certificate.trusted"] = False
        with suppress(Trouble, OSError):
            second = await _another(place, name, context.trust.reading, record)
            certificate.describe(second, record)
            second.abort()
        said = error.verify_message or error.reason or "not trusted"
        raise Trouble(Reason.TLS, f"the certificate of {place} is not trusted: {said}") from error
    record.facts["certificate.trusted"] = verify or await _trusted(place, name, context, record)
    certificate.describe(over_tls, record)
    return over_tls


async def _trusted(place: Place, name: str, context: Context, record: Record) -> bool:
    """Whether the certificate is trusted, found out by a second connection, since the first was not to verify it."""
    try:
        (await _another(place, name, context.trust.verifying, record)).abort()
    except ssl.SSLCertVerificationError:
        return False
    return True


async def _another(place: Place, name: str, trust: ssl.SSLContext, record: Record) -> asyncio.Transport:
    """A second connection to the address of the first."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_connection(asyncio.Protocol, str(record.facts["address"]), place.port)
    return await _handshake(transport, protocol, trust, name)


async def _handshake(
    transport: asyncio.Transport, protocol: asyncio.Protocol, trust: ssl.SSLContext, name: str
) -> asyncio.Transport:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.start_tls(transport, protocol, trust, server_hostname=name)
    except ssl.SSLCertVerificationError:
        raise
    except ssl.SSLError as error:
        raise Trouble(Reason.TLS, f"no TLS with {name}: {(error.reason or str(error)).lower()}") from error
    except (ConnectionError, OSError) as error:
        raise Trouble(Reason.TLS, f"no TLS with {name}: {error.strerror or 'the connection was cut'}") from error
    finally:
        if transport.is_closing():
            transport.abort()
    if found is None:
        raise Trouble(Reason.TLS, f"no TLS with {name}: the connection was cut")
    return found


def refused(error: OSError, where: str) -> Trouble:
    """What a failure to connect means."""
    # Not the loop's own words, which name the address once more, as Python spells it.
    said = (os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)) or "no connection"
    if error.errno in OURS:
        return Trouble(Reason.PROBER, f"this machine cannot connect to {where}: {said.lower()}")
    return Trouble(Reason.CONNECT, f"{where}: {said.lower()}")

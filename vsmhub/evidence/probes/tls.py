"""The tls probe: a handshake, for the certificate and whether it is trusted."""

import asyncio

from vsmhub.evidence.probes.connection import Place, connect, secure
from vsmhub.evidence.probes.observation import Record
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import TlsTarget


async def probe(target: TlsTarget, context: Context, record: Record) -> None:
    """Connect, shake hands, and read the certificate."""
    place = Place(target.host, target.port, target.allow)
    transport, protocol = await connect(place, asyncio.Protocol, context, record)
    try:
        name = target.server_name or target.host
        transport = await secure(transport, protocol, place, name, context, record, verify=target.verify)
    finally:
        transport.abort()

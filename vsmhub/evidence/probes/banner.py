"""The tcp and ssh probes: a connection, and the first line that the other end says."""

import asyncio

from vsmhub.evidence.probes.connection import Place, connect
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import SshTarget, TcpTarget

LINE_LIMIT = 1024
# A server may say other lines before its version (RFC 4253, 4.2).
LINES_BEFORE = 20


class _Lines(asyncio.Protocol):
    """Gathers what comes, up to a bound, and hands it out line by line."""

    def __init__(self) -> None:
        self._buffer = b""
        self._ended = False
        self._more = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self._buffer += data[: LINE_LIMIT * LINES_BEFORE - len(self._buffer)]
        self._more.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own signature
        self._ended = True
        self._more.set()

    async def line(self) -> str | None:
        """The next line without its end, cut at the bound; None when the other end has left."""
        while b"\n" not in self._buffer and len(self._buffer) < LINE_LIMIT and not self._ended:
            self._more.clear()
            await self._more.wait()
        if not self._buffer:
            return None
        found, _, self._buffer = self._buffer.partition(b"\n")
        text = found[:LINE_LIMIT].decode("utf-8", "replace")
        return "".join(letter for letter in text if letter.isprintable())


async def probe_tcp(target: TcpTarget, context: Context, record: Record) -> None:
    """Connect; read a line where the target asks for it."""
    transport, lines = await connect(Place(target.host, target.port, target.allow), _Lines, context, record)
    try:
        if target.banner:
            record.doing = "banner"
            line = await lines.line()
            if line is None:
                raise Trouble(Reason.PROTOCOL, f"{target.host}:{target.port} closed the connection without a word")
            record.facts["banner"] = line
    finally:
        transport.abort()


async def probe_ssh(target: SshTarget, context: Context, record: Record) -> None:
    """Connect, and read up to the line that says `SSH-version-software`."""
    place = Place(target.host, target.port, target.allow)
    transport, lines = await connect(place, _Lines, context, record)
    try:
        record.doing = "banner"
        for _ in range(LINES_BEFORE):
            line = await lines.line()
            if line is None:
                raise Trouble(Reason.PROTOCOL, f"{place} closed the connection before it said its version")
            if line.startswith("SSH-"):
                _, version, software = (*line.split(" ")[0].split("-", 2), "", "")[:3]
                record.facts |= {"banner": line, "ssh.version": version, "ssh.software": software}
                return
        raise Trouble(Reason.PROTOCOL, f"{place} speaks something else than SSH")
    finally:
        transport.abort()

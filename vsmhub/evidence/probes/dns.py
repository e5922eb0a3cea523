"""The dns probe: one question to one server, over UDP, and over TCP where the answer does not fit."""

from typing import TYPE_CHECKING

from vsmhub.evidence.probes.connection import Place, addresses, refused
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import DnsTarget

if TYPE_CHECKING:
    from dns.message import Message

ANSWERS_LIMIT = 100


async def probe(target: DnsTarget, context: Context, record: Record) -> None:
    """Ask, and observe the records of the type asked for."""
    import dns.asyncquery
    import dns.exception
    import dns.message
    import dns.rdatatype

    question = dns.message.make_query(target.name, target.type)
    server = target.server or _first_server()
    (address, *_) = await addresses(Place(server, target.port, (*target.allow, *_own(target, server))), context, record)
    record.doing = "query"
    try:
        answer, _ = await dns.asyncquery.udp_with_fallback(question, address, port=target.port)
    except (dns.exception.DNSException, EOFError) as error:
        said = str(error) or type(error).__name__
        raise Trouble(Reason.PROTOCOL, f"the server {server} does not speak DNS: {said[:200]}") from error
    except OSError as error:
        raise refused(error, f"DNS server {server} at {address}") from error
    _observe(answer, target, record)


def _observe(answer: "Message", target: DnsTarget, record: Record) -> None:
    import dns.flags
    import dns.rcode
    import dns.rdatatype

    wanted = dns.rdatatype.from_text(target.type)
    sets = [one for one in answer.answer if one.rdtype == wanted]
    found = [item.to_text() for one in sets for item in one]
    rcode = dns.rcode.to_text(answer.rcode())
    record.facts |= {
        "rcode": rcode,
        "answers": tuple(found[:ANSWERS_LIMIT]),
        "authoritative": bool(answer.flags & dns.flags.AA),
    }
    if sets:
        record.facts["ttl"] = float(min(one.ttl for one in sets))


def _first_server() -> str:
    """The first server of this machine; Trouble when it has none."""
    import dns.exception
    import dns.resolver

    try:
        return str(dns.resolver.Resolver().nameservers[0])
    except (dns.exception.DNSException, IndexError) as error:
        raise Trouble(Reason.PROBER, "this machine has no DNS server") from error


def _own(target: DnsTarget, server: str) -> tuple[str, ...]:
    """The machine's own server may be anywhere, since the spec leaves the choice to the machine."""
    return () if target.server else (server,)

"""Where webhooks may go: never to the machine's own network neighbourhood, and to private addresses only on request.

Whoever subscribes chooses where this server connects to; without a check it could be made to talk to a cloud's
metadata service, or to what listens inside a network (server-side request forgery).
"""

import ipaddress
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Metadata services outside the link-local ranges (AWS over IPv6, Alibaba Cloud).
_METADATA = {ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200")}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What may only be reached when private addresses are allowed, beyond what Python calls private.
_SHARED = ipaddress.ip_network("100.64.0.0/10")


def refused(address: Address, *, allow_private: bool) -> bool:
    """Whether nothing may be delivered to this address."""
    address = _embedded(address)
    if address in _METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return True
    if address.is_private or address.is_loopback or address in _SHARED:
        return not allow_private
    return not address.is_global


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def complaint_about(url: str, *, allow_private: bool) -> str:
    """Why a URL cannot be subscribed to; empty when it can. A name's addresses are looked at with each delivery."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is no URL"
    if not host or port == 0:
        return "names no host to deliver to"
    if parts.username is not None or parts.password is not None:
        return "must not hold credentials; deliveries are signed"
    if parts.fragment:
        return "must not have a fragment"
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        name = host.rstrip(".").lower()
        local = name == "localhost" or name.endswith(".localhost")
        return "is on this machine, which is not allowed here" if local and not allow_private else ""
    return "is an address that deliveries may not go to" if refused(address, allow_private=allow_private) else ""

"""Which addresses a probe may go to. Decided for the address that is then connected to, after the name was resolved.

Always refused unless a signal allows their network: link-local addresses and the metadata services of clouds, which
hand out credentials; multicast, broadcast and unspecified addresses; and loopback where the signal names something
else, since a name that suddenly leads to this machine is an attack or a mistake. Private networks are where operations
take place, and are not refused.
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from vsmhub.evidence.probes.observation import Reason, Trouble

Address = IPv4Address | IPv6Address

# Metadata services that are not link-local: AWS over IPv6, Alibaba Cloud, Azure, Oracle Cloud.
METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def demand_allowed(address: str, host: str, allow: Sequence[str]) -> None:
    """Trouble unless a probe of `host` may connect to `address`."""
    refused = _refused(address, host, tuple(allow))
    if refused:
        raise Trouble(Reason.FORBIDDEN, f"{host} leads to {address}, {refused}; the signal does not allow it")


@lru_cache(maxsize=16384)
def _refused(address: str, host: str, allow: tuple[str, ...]) -> str:
    """Why a probe of `host` may not go to `address`; empty when it may."""
    found = _embedded(ipaddress.ip_address(address.partition("%")[0]))
    if any(found.version == network.version and found in network for network in map(ipaddress.ip_network, allow)):
        return ""
    return _refusal(found, host)


def _refusal(address: Address, host: str) -> str:
    if address.is_link_local:
        return "a link-local address"
    if address in METADATA:
        return "a cloud's metadata service"
    if address.is_multicast:
        return "a multicast address"
    if address.is_unspecified or address == IPv4Address("255.255.255.255") or address in _THIS_NETWORK:
        return "an address of no machine"
    if address.is_loopback and not _is_loopback_itself(host):
        return "this machine"
    return ""


_THIS_NETWORK = ipaddress.IPv4Network("0.0.0.0/8")


def _is_loopback_itself(host: str) -> bool:
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return _embedded(ipaddress.ip_address(host)).is_loopback
    except ValueError:
        return False


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address.sixtofour:
            return address.sixtofour
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address

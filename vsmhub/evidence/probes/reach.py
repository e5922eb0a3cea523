"""Which addresses a probe may go to. Decided for the address that is then connected to, after the name was resolved.

Always refused unless a signal allows their network: link-local addresses and the metadata services of clouds, which
hand out credentials; multicast, broadcast and unspecified addresses; and loopback where the signal names something
else, since a name that suddenly leads to this machine is an attack or a mistake. Private networks are where operations
take place, and are not refused.
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address

from vsmhub.addresses import Address, hands_out_credentials, meant
from vsmhub.evidence.probes.observation import Reason, Trouble


def demand_allowed(address: str, host: str, allow: Sequence[str]) -> None:
    """Trouble unless a probe of `host` may connect to `address`."""
    refused = _refused(address, host, tuple(allow))
    if refused:
        raise Trouble(Reason.FORBIDDEN, f"{host} leads to {address}, {refused}; the signal does not allow it")


@lru_cache(maxsize=16384)
def _refused(address: str, host: str, allow: tuple[str, ...]) -> str:
    """Why a probe of `host` may not go to `address`; empty when it may."""
    found = meant(ipaddress.ip_address(address.partition("%")[0]))
    if any(found.version == network.version and found in network for network in map(ipaddress.ip_network, allow)):
        return ""
    return _refusal(found, host)


def _refusal(address: Address, host: str) -> str:
    if address.is_link_local:
        return "a link-local address"
    if hands_out_credentials(address):
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
        return meant(ipaddress.ip_address(host)).is_loopback
    except ValueError:
        return False

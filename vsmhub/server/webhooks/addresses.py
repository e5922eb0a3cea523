"""Where webhooks may go: never to the machine's own network neighbourhood, and to private addresses only on request.

Whoever subscribes chooses where this server connects to; without a check it could be made to talk to a cloud's
metadata service, or to what listens inside a network (server-side request forgery).
"""

import ipaddress
from urllib.parse import urlsplit

from vsmhub.addresses import Address, hands_out_credentials, meant

# What may only be reached when private addresses are allowed, beyond what Python calls private.
_SHARED = ipaddress.ip_network("100.64.0.0/10")
# All that has been given out of IPv6 for the public (IANA, IPv6 Global Unicast Address Space).
_PUBLIC = ipaddress.ip_network("2000::/3")


def refused(address: Address, *, allow_private: bool) -> bool:
    """Whether nothing may be delivered to this address."""
    address = meant(address)
    if hands_out_credentials(address) or address.is_multicast or address.is_unspecified:
        return True
    if address.is_private or address.is_loopback or address in _SHARED or _is_unassigned(address):
        return not allow_private
    return not address.is_global


def _is_unassigned(address: Address) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC


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

"""IP addresses that whoever names a host must not lead this machine to, however they are written.

For all that connects to what others name: webhooks, and probes. What else they refuse is their own.
"""

import ipaddress
from ipaddress import IPv4Address, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# Where clouds hand credentials to whoever asks, as far as that is not link-local: Alibaba Cloud, Azure, Oracle Cloud;
# over IPv6 AWS (with its kin for containers) and Google Cloud.
_METADATA = tuple(
    map(
        ipaddress.ip_network,
        ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::23", "fd00:ec2::254", "fd20:ce::254"),
    )
)
# IPv6 addresses whose last 32 bits are an IPv4 one: compatible (RFC 4291, 2.5.5.1), mapped (2.5.5.2), translated
# (RFC 2765) and behind NAT64 (RFC 6052, RFC 8215). 6to4 (RFC 3056) has it further in front.
_EMBEDDING = tuple(
    map(IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")),
)
_ITSELF = frozenset(map(IPv6Address, ("::", "::1")))


def meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does; otherwise `address`."""
    if isinstance(address, IPv4Address) or address in _ITSELF:
        return address
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def hands_out_credentials(address: Address) -> bool:
    """Whether a cloud's metadata service is there, or may be: all link-local addresses count."""
    found = meant(address)
    return found.is_link_local or any(found.version == one.version and found in one for one in _METADATA)

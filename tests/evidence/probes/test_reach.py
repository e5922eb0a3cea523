"""Which addresses are gone to, and which are not."""

import pytest

from vsmhub.evidence.probes.observation import Reason, Trouble
from vsmhub.evidence.probes.reach import demand_allowed

EMBEDDED = ("::{}", "::ffff:{}", "::ffff:0:{}", "64:ff9b::{}", "64:ff9b:1::{}")
"""How IPv6 has an IPv4 address in its last 32 bits."""
ALLOWED = [
    ("92.205.130.254", "gitea.example.org"),
    ("10.0.0.5", "db.internal"),
    ("192.168.1.1", "router"),
    ("2001:db8::1", "example.org"),
    ("fd12::1", "example.org"),
    ("64:ff9b::5dc6:d822", "example.org"),
    ("::ffff:10.0.0.5", "db.internal"),
    ("127.0.0.1", "localhost"),
    ("127.0.0.1", "127.0.0.1"),
    ("::1", "::1"),
    ("::1", "localhost."),
]
REFUSED = [
    ("169.254.169.254", "metadata.example.org"),
    ("169.254.169.254", "169.254.169.254"),
    ("169.254.1.2", "example.org"),
    ("fe80::1%eth0", "example.org"),
    ("fd00:ec2::254", "example.org"),
    ("100.100.100.200", "example.org"),
    ("168.63.129.16", "example.org"),
    ("::ffff:169.254.169.254", "example.org"),
    ("64:ff9b::a9fe:a9fe", "example.org"),
    ("2002:a9fe:a9fe::1", "example.org"),
    ("fd20:ce::254", "example.org"),
    ("192.0.0.192", "example.org"),
    *((form.format("a9fe:a9fe"), "example.org") for form in EMBEDDED),
    *((form.format("7f00:1"), "example.org") for form in EMBEDDED),
    ("0.0.0.0", "example.org"),
    ("0.1.2.3", "example.org"),
    ("::", "example.org"),
    ("224.0.0.1", "example.org"),
    ("ff02::1", "example.org"),
    ("255.255.255.255", "example.org"),
    ("127.0.0.1", "example.org"),
    ("::1", "example.org"),
    ("::ffff:127.0.0.1", "example.org"),
]


@pytest.mark.parametrize(("address", "host"), ALLOWED)
def test_these_are_gone_to(address: str, host: str) -> None:
    demand_allowed(address, host, ())


@pytest.mark.parametrize(("address", "host"), REFUSED)
def test_these_are_refused_and_that_is_no_failure_of_the_target(address: str, host: str) -> None:
    with pytest.raises(Trouble) as caught:
        demand_allowed(address, host, ("203.0.113.0/24", "2001:db8::/32"))
    assert caught.value.reason is Reason.FORBIDDEN


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("169.254.169.254", "169.254.169.254"),
        ("127.0.0.1", "127.0.0.0/8"),
        ("::ffff:127.0.0.1", "127.0.0.0/8"),
        ("fe80::1%eth0", "fe80::/10"),
    ],
)
def test_a_signal_can_allow_them(address: str, network: str) -> None:
    demand_allowed(address, "example.org", (network,))

"""What webhooks are decided by: addresses, signatures, waiting times."""

import ipaddress

import pytest

from vsmhub.server.settings import WebhookSettings
from vsmhub.server.webhooks.addresses import refused
from vsmhub.server.webhooks.signing import signature
from vsmhub.server.webhooks.worker import delay_after


def test_the_signature_of_the_standards_own_example() -> None:
    # From the reference libraries' tests.
    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize(
    ("address", "always", "private"),
    [
        ("93.184.216.34", False, False),
        ("2606:2800:220:1:248:1893:25c8:1946", False, False),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.1.1", False, True),
        ("172.16.0.1", False, True),
        ("100.64.0.1", False, True),
        ("fd12:3456::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("2002:0a00:0001::", False, True),
        ("64:ff9b::a9fe:a9fe", True, True),
        ("169.254.169.254", True, True),
        ("fe80::1", True, True),
        ("fd00:ec2::254", True, True),
        ("100.100.100.200", True, True),
        ("168.63.129.16", True, True),
        ("192.0.0.192", True, True),
        ("fd20:ce::254", True, True),
        ("::169.254.169.254", True, True),
        ("::ffff:0:169.254.169.254", True, True),
        ("64:ff9b:1::a9fe:a9fe", True, True),
        ("::127.0.0.1", False, True),
        ("64:ff9b:1::a00:1", False, True),
        ("fec0::1", False, True),
        ("5f00::1", False, True),
        ("0.0.0.0", True, True),
        ("::", True, True),
        ("224.0.0.1", True, True),
        ("255.255.255.255", False, True),
    ],
)
def test_addresses(address: str, always: bool, private: bool) -> None:
    parsed = ipaddress.ip_address(address)
    assert refused(parsed, allow_private=True) is always
    assert refused(parsed, allow_private=False) is private


def test_waiting_grows_and_ends() -> None:
    settings = WebhookSettings()
    delays = [delay_after(attempt, settings, 0.5).total_seconds() for attempt in range(1, 13)]
    assert delays[:4] == [5, 10, 20, 40]
    assert delays[-1] == 5 * 2**11
    assert delay_after(100, settings, 1.0) == settings.longest_delay * 1.25
    assert sum(delays) > 5 * 3600

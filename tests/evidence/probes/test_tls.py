"""The tls probe, and http over TLS, against nginx and other servers with certificates good and bad."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.evidence.authority import Authority
from tests.evidence.looking import look
from tests.evidence.services import nginx
from tests.evidence.speaking import answering, http, silent, speaking
from vsmhub.evidence.probes.observation import Reason

DAY = 86400.0


def test_a_certificate_that_expires_soon_is_read_from_nginx(authority: Authority, short: Path) -> None:
    issued = authority.issue("127.0.0.1", "localhost", lasts=timedelta(days=9))
    with nginx(short, issued) as port:
        found = look("tls", host="127.0.0.1", port=port, trust=authority.file)
        page = look("http", url=f"https://127.0.0.1:{port}/", trust=authority.file, wanted="json")
    assert found.reason is None, found.message
    expires_in = found.facts["certificate.expires_in"]
    assert isinstance(expires_in, float)
    assert 8.9 * DAY < expires_in < 9 * DAY
    assert found.facts["certificate.issuer"] == "CN=A test's authority"
    assert found.facts["certificate.names"] == ("localhost", "127.0.0.1")
    assert found.facts["certificate.trusted"] is True
    assert found.facts["tls.version"] in ("TLSv1.2", "TLSv1.3")
    assert page.facts["json"] == {"status": "ok", "since": "2026-05-16T00:00:00Z"}
    assert page.facts["certificate.fingerprint"] == found.facts["certificate.fingerprint"]
    assert isinstance(page.facts["time.tls"], float)


# Names and life of the certificate, whether the authority is trusted, and a word of OpenSSL's complaint.
UNTRUSTED = [
    (("127.0.0.1",), timedelta(days=-2), True, "expired"),
    (("example.org",), timedelta(days=30), True, "mismatch"),
    (("127.0.0.1",), timedelta(days=30), False, "issuer"),
]


@pytest.mark.parametrize(("names", "lasts", "trusted", "word"), UNTRUSTED)
def test_a_certificate_that_is_not_trusted_fails_and_is_still_read(
    authority: Authority, names: tuple[str, ...], lasts: timedelta, trusted: bool, word: str
) -> None:
    issued = authority.issue(*names, lasts=lasts)
    with speaking(silent, tls=issued.context()) as server:
        file = authority.file if trusted else None
        found = look("tls", host="127.0.0.1", port=server.port, trust=file)
        lenient = look("tls", host="127.0.0.1", port=server.port, trust=file, verify=False)
    assert found.reason is Reason.TLS
    assert word in found.message
    for one in (found, lenient):
        assert one.facts["certificate.trusted"] is False
        assert one.facts["certificate.subject"] == f"CN={names[0]}"
    assert lenient.reason is None


def test_without_verifying_a_good_certificate_is_known_as_good(authority: Authority) -> None:
    with answering(http(200), tls=authority.issue("127.0.0.1").context()) as server:
        found = look("http", url=server.url(scheme="https"), trust=authority.file, verify=False)
    assert found.facts["status"] == 200
    assert found.facts["certificate.trusted"] is True


def test_a_server_without_tls_is_told_apart(authority: Authority) -> None:
    with speaking(lambda connection: connection.sendall(http(400))) as server:
        assert look("http", url=server.url(scheme="https")).reason is Reason.TLS
    with speaking(lambda connection: None) as server:
        assert look("tls", host="127.0.0.1", port=server.port).reason is Reason.TLS
    with speaking(silent) as server:
        found = look("tls", host="127.0.0.1", port=server.port, timeout=0.3)
    assert found.reason is Reason.TIMEOUT
    assert "tls" in found.message

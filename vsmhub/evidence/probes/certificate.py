"""What a certificate says, as facts."""

import asyncio
import hashlib
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vsmhub.evidence.probes.observation import FactValue, Reason, Record, Trouble

if TYPE_CHECKING:
    from cryptography import x509

MAX_NAMES = 100


def describe(transport: asyncio.Transport, record: Record) -> None:
    """Put what the other end's certificate says into the record."""
    tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
    der = tls.getpeercert(binary_form=True) if tls else None
    if tls is None or der is None:
        raise Trouble(Reason.TLS, "the other end showed no certificate")
    record.facts["tls.version"] = tls.version()
    record.facts.update(facts(der, datetime.now(UTC)))


def facts(der: bytes, now: datetime) -> dict[str, FactValue]:
    """What a certificate says; spans count from `now`. Trouble when it is not readable."""
    from cryptography import x509

    try:
        found = x509.load_der_x509_certificate(der)
        names = _names(found)
        return {
            "certificate.expires_in": (found.not_valid_after_utc - now).total_seconds(),
            "certificate.age": (now - found.not_valid_before_utc).total_seconds(),
            "certificate.issuer": found.issuer.rfc4514_string(),
            "certificate.subject": found.subject.rfc4514_string(),
            "certificate.names": names[:MAX_NAMES],
            "certificate.fingerprint": hashlib.sha256(der).hexdigest(),
        }
    except ValueError as error:
        raise Trouble(Reason.TLS, f"the certificate cannot be read: {error}") from error


def _names(found: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    try:
        listed = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    names = listed.get_values_for_type(x509.DNSName)
    return (*names, *map(str, listed.get_values_for_type(x509.IPAddress)))

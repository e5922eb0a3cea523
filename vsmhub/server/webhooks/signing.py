"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com, version 1)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

PREFIX = "whsec_"


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The three headers of a delivery; `timestamp` is that of the attempt, in seconds."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature(secret, message_id, timestamp, body)}",
    }


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over id, timestamp and body, in base64; `secret` is `whsec_` and the key in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

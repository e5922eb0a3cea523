"""The http probe: one request, its redirects as far as they are allowed, and what the answer holds."""

import json
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from pydantic import JsonValue

from vsmhub.evidence.probes.exchange import Answer, Ask, exchange
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import Credential, HttpTarget

REDIRECTING = frozenset({301, 302, 303, 307, 308})


async def probe(target: HttpTarget, context: Context, record: Record) -> None:
    """Ask, follow redirects that the target allows, and observe the last answer."""
    url, followed = target.url, 0
    while True:
        headers = dict(target.headers)
        if target.credential and _origin(url) == _origin(target.url):
            headers["Authorization"] = authorization(target.credential, context)
        ask = Ask(url, target.method, headers, allow=target.allow, verify=target.verify)
        answer = await exchange(ask, context, record)
        observe(answer, record)
        record.facts["url"], record.facts["redirects"] = url, followed
        location = answer.headers.get("location")
        if answer.status not in REDIRECTING or location is None or followed == target.redirects:
            break
        url, followed = _next(url, location, target), followed + 1
    _content(answer, context, record)


def observe(answer: Answer, record: Record) -> None:
    """Status and headers, which all probes over HTTP observe."""
    record.facts["status"] = answer.status
    record.facts["header"] = answer.headers


def authorization(credential: Credential, context: Context) -> str:
    """The header for a credential: Basic with a user name, otherwise Bearer. Trouble when the secret is not there."""
    secret = context.revealed(credential)
    return f"Bearer {secret}" if credential.username is None else basic(f"{credential.username}:{secret}")


def basic(pair: str) -> str:
    """The header for `user:password`."""
    return "Basic " + b64encode(pair.encode()).decode()


def read_json(text: str, what: str) -> JsonValue:
    """JSON as RFC 8259 has it; Trouble for anything else, and for what would exhaust this process."""
    try:
        found: JsonValue = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Trouble(Reason.BODY, f"{what} is not JSON: {str(error)[:100]}") from error
    return found


def _no_number(word: str) -> Mapping[str, JsonValue]:
    raise ValueError(f"{word} is no number")


def _content(answer: Answer, context: Context, record: Record) -> None:
    record.facts["body.size"] = len(answer.body)
    if {"body", "json"} & context.wanted:
        text = answer.body.decode("utf-8", "replace")
        record.facts["body"] = text
        if "json" in context.wanted:
            if not answer.whole:
                raise Trouble(Reason.BODY, f"the answer is larger than {len(answer.body)} bytes; no more is read")
            record.facts["json"] = read_json(text, "the answer") if answer.status < 400 or text else None


def _next(url: str, location: str, target: HttpTarget) -> str:
    """Where a redirect leads; Trouble where probes must not follow."""
    found = urljoin(url, location)
    parts = urlsplit(found)
    shown = "".join(letter if letter.isprintable() else " " for letter in location)[:200]
    if parts.scheme not in ("http", "https") or parts.username is not None or any(ord(c) < 33 for c in found):
        raise Trouble(Reason.REDIRECT, f"the redirect to {shown} is not one to follow")
    if urlsplit(url).scheme == "https" and parts.scheme == "http":
        raise Trouble(Reason.REDIRECT, f"the redirect to {shown} leads away from https")
    if _host(found) not in {_host(target.url), *(host.lower().rstrip(".") for host in target.redirect_hosts)}:
        raise Trouble(Reason.REDIRECT, f"the redirect leads to {_host(found)}, which the signal does not name")
    return found


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower().rstrip(".")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()

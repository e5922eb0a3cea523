"""Conditional requests: `If-Match` on what changes a resource, `If-None-Match` on what reads one (RFC 9110, 13)."""

from vsmhub.server.problems import Refusal


def _tags(header: str) -> set[str]:
    return {tag.strip() for tag in header.split(",")}


def require_match(if_match: str | None, current: str) -> None:
    """Refuse (412) when the resource is no longer the one that the caller saw."""
    if if_match is None or if_match.strip() == "*" or current in _tags(if_match):
        return
    raise Refusal(412, f"The resource has changed: it is at {current} now.", headers={"ETag": current})


def unchanged(if_none_match: str | None, current: str) -> bool:
    """Whether the caller already has what it asks for."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or current in {tag.removeprefix("W/") for tag in _tags(if_none_match)}

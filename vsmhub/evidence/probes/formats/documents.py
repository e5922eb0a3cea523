"""Picking parts out of JSON that other programs wrote, without trusting its shape."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue

from vsmhub.evidence.conditions import moment
from vsmhub.evidence.probes.observation import FactValue, Reason, Trouble

Document = dict[str, JsonValue]


def part(document: JsonValue, *names: str) -> JsonValue:
    """What stands below these members; None when something is not there."""
    for name in names:
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document


def items(document: JsonValue, kind: str) -> list[Document]:
    """The objects of a Kubernetes list of `kind`, or the one object; Trouble for anything else."""
    if isinstance(document, dict) and document.get("kind") == kind:
        return [document]
    listed = part(document, "items")
    if not isinstance(listed, list):
        raise Trouble(Reason.BODY, f"this is neither a {kind} nor a list of them")
    found = [one for one in listed if isinstance(one, dict)]
    if any(one.get("kind") not in (kind, None) for one in found):
        raise Trouble(Reason.BODY, f"the list holds something else than a {kind}")
    return found


def newest(documents: Iterable[Document], *names: str) -> Document | None:
    """The document whose time below these members is the latest; None when none has one."""
    timed = [(at, one) for one in documents if (at := moment(part(one, *names))) is not None]
    return max(timed, key=lambda pair: pair[0])[1] if timed else None


def seconds_since(document: Document | None, now: datetime, *names: str) -> float | None:
    """How long ago the time below these members was."""
    at = moment(part(document, *names)) if document is not None else None
    return None if at is None else (now - at).total_seconds()


def known(facts: dict[str, FactValue | None]) -> dict[str, FactValue]:
    """The facts without those that are None: they were not observed."""
    return {name: value for name, value in facts.items() if value is not None}


def texts(value: JsonValue) -> tuple[str, ...] | None:
    """A list of texts; None when it is none."""
    return tuple(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else None

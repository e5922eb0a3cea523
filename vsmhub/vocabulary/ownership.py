"""Who owns a name where there are several hubs: the first that declares it, and only that one."""

from collections.abc import Iterator
from typing import NamedTuple

from vsmhub.spec.complaint import Complaint, Finding, Pointer
from vsmhub.spec.load import Reading
from vsmhub.spec.parts import value_at
from vsmhub.vocabulary.rules import names

_WHAT = {"slug-owner": "the slug ", "prefix-owner": "the prefix ", "name-owner": ""}


class Owners:
    """Every slug, prefix and name that hubs were seen to claim. Hubs are told one by one, and need not be kept."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], _Owner] = {}

    def claimed_by(self, reading: Reading) -> tuple[Complaint, ...]:
        """Whatever this hub claims that another claimed before it, as complaints about this one."""
        if reading.document is None:
            return ()
        data, places = reading.document.data, reading.document.places
        own = _Owner(str(value_at(data, ("hub", "slug"))), str(reading.file), 0)
        found: list[Finding] = []
        for rule, name, pointer in _claims(reading):
            known = self._owners.get((rule, name))
            if known is None:
                self._owners[rule, name] = own._replace(line=places.key(pointer).line)
            elif known.file != own.file:
                message = f"{_WHAT[rule]}`{name}` belongs to {known.slug} ({known.file}:{known.line})"
                found.append(Finding(rule=rule, message=message, pointer=pointer, at_key=rule == "name-owner"))
        return reading.located(found)


class _Owner(NamedTuple):
    slug: str
    file: str
    line: int


def _claims(reading: Reading) -> Iterator[tuple[str, str, Pointer]]:
    data = reading.document.data if reading.document else None
    for rule, pointer in (("slug-owner", ("hub", "slug")), ("prefix-owner", ("hub", "prefix"))):
        claimed = value_at(data, pointer)
        if isinstance(claimed, str):
            yield rule, claimed, pointer
    for use in names(data):
        yield "name-owner", use.name, use.pointer

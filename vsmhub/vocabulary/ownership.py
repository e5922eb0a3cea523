"""Who owns a name where there are several hubs: the first that declares it, and only that one."""

from collections.abc import Iterator, Sequence

from vsmhub.spec.complaint import Complaint, Finding, Pointer
from vsmhub.spec.load import Reading
from vsmhub.spec.parts import value_at
from vsmhub.vocabulary.rules import names


def ownership_complaints(readings: Sequence[Reading]) -> tuple[Complaint, ...]:
    """Every slug, prefix and name that two of the hubs claim; the complaint is with the later of them."""
    owners: dict[tuple[str, str], tuple[Reading, Pointer]] = {}
    complaints: list[Complaint] = []
    for reading in readings:
        found: list[Finding] = []
        for rule, name, pointer in _claims(reading):
            owner, place = owners.setdefault((rule, name), (reading, pointer))
            if owner is not reading:
                found.append(_taken(rule, name, pointer, owner, place))
        complaints += reading.located(found)
    return tuple(complaints)


def _claims(reading: Reading) -> Iterator[tuple[str, str, Pointer]]:
    data = reading.document.data if reading.document else None
    for rule, pointer in (("slug-owner", ("hub", "slug")), ("prefix-owner", ("hub", "prefix"))):
        claimed = value_at(data, pointer)
        if isinstance(claimed, str):
            yield rule, claimed, pointer
    for use in names(data):
        yield "name-owner", use.name, use.pointer


def _taken(rule: str, name: str, pointer: Pointer, owner: Reading, place: Pointer) -> Finding:
    what = {"slug-owner": "the slug ", "prefix-owner": "the prefix "}.get(rule, "")
    slug = value_at(owner.document.data if owner.document else None, ("hub", "slug"))
    line = owner.document.places.key(place).line if owner.document else 0
    message = f"{what}`{name}` belongs to {slug} ({owner.file}:{line})"
    return Finding(rule=rule, message=message, pointer=pointer, at_key=rule == "name-owner")

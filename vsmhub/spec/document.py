"""A YAML file as plain JSON data that knows where each of its values stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from vsmhub.spec.complaint import Complaint, Finding
from vsmhub.spec.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one YAML file holds, and what is wrong with it as YAML.

    `data` holds as much as could be read; it is not to be used while there are errors among `complaints`.
    """

    file: Path
    data: JsonValue
    places: Places
    complaints: tuple[Complaint, ...] = ()

    def located(self, findings: Iterable[Finding]) -> tuple[Complaint, ...]:
        """The findings about this document's values, with the places they are at, in file order."""
        return in_file_order(self._located(finding) for finding in findings)

    def _located(self, finding: Finding) -> Complaint:
        place = self.places.key(finding.pointer) if finding.at_key else self.places.value(finding.pointer)
        return Complaint(
            rule=finding.rule,
            message=finding.message,
            file=self.file,
            line=place.line,
            column=place.column,
            pointer=finding.pointer,
            hint=finding.hint,
            severity=finding.severity,
        )


def in_file_order(complaints: Iterable[Complaint]) -> tuple[Complaint, ...]:
    """Complaints of one file from its top to its bottom; those at one place keep their order."""
    return tuple(sorted(complaints, key=lambda complaint: (complaint.line, complaint.column)))

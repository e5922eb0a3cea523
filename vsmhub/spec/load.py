"""A hub's `hub.yaml` as a value, or all that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vsmhub.spec.complaint import Complaint, Finding
from vsmhub.spec.document import Document, in_file_order
from vsmhub.spec.errors import SpecError
from vsmhub.spec.model import SPEC_FORMAT, HubSpec
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import value_at
from vsmhub.spec.reader import READ_AS_NULL, parse_document, read_document
from vsmhub.spec.references import reference_findings
from vsmhub.spec.validation import validate

HUB_FILE = "hub.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading one `hub.yaml`.

    `spec` is there when the structure is right, even if parts of it do not fit each other. `document` is there when
    the file is YAML; it knows where everything stands.
    """

    file: Path
    spec: HubSpec | None = None
    document: Document | None = None
    complaints: tuple[Complaint, ...] = ()

    def located(self, findings: Iterable[Finding]) -> tuple[Complaint, ...]:
        """The findings about this spec's values, with the places they are at, in file order."""
        return self.document.located(findings) if self.document else ()


def hub_file(path: Path) -> Path:
    """The `hub.yaml` that `path` names: itself, or the one in that folder. It need not exist."""
    return path / HUB_FILE if path.is_dir() else path


def load_hub(path: Path) -> HubSpec:
    """The spec in a hub's folder or in its `hub.yaml`; SpecError with all complaints when there is one."""
    return _spec_of(read_hub(path))


def parse_hub(text: str, file: Path = Path(HUB_FILE)) -> HubSpec:
    """The spec that `text` holds; `file` is for the complaints. SpecError with all of them when there is one."""
    return _spec_of(read_hub_text(text, file))


def read_hub(path: Path) -> Reading:
    """What a hub's folder or its `hub.yaml` holds, complaints included; raises nothing on bad input."""
    file = hub_file(path)
    try:
        return _reading(read_document(file))
    except SpecError as error:
        return Reading(file=file, complaints=error.complaints)


def read_hub_text(text: str, file: Path = Path(HUB_FILE)) -> Reading:
    """What `text` says as a `hub.yaml`; for one that comes from elsewhere than a file, such as Git."""
    try:
        return _reading(parse_document(file, text))
    except SpecError as error:
        return Reading(file=file, complaints=error.complaints)


def _spec_of(reading: Reading) -> HubSpec:
    errors = [complaint for complaint in reading.complaints if complaint.severity == "error"]
    if errors or reading.spec is None:
        raise SpecError(errors)
    return reading.spec


def _reading(document: Document) -> Reading:
    spec, findings = _validated(document)
    complaints = in_file_order((*document.complaints, *document.located(findings)))
    return Reading(
        file=document.file, spec=None if document.complaints else spec, document=document, complaints=complaints
    )


def _validated(document: Document) -> tuple[HubSpec | None, tuple[Finding, ...]]:
    data = document.data
    if not isinstance(data, dict):
        if document.complaints:
            return None, ()
        return None, (Finding(rule="wrong-kind", message="the file must hold a mapping, beginning with `spec:`"),)
    if (other := _other_format(value_at(data, ("spec",)))) is not None:
        return None, (other,)
    # What YAML already refused reads as empty; that the model does not take it is no news.
    known = {complaint.pointer for complaint in document.complaints if complaint.rule in READ_AS_NULL}
    spec, structure = validate(HubSpec, data)
    wrong = tuple(finding for finding in structure if finding.pointer not in known)
    # A name of a wrong shape is declared nowhere, and that too is no news.
    known |= {finding.pointer for finding in wrong}
    return spec, (*wrong, *(finding for finding in reference_findings(data) if finding.pointer not in known))


def _other_format(found: object) -> Finding | None:
    """The one finding about a file of another format: what else the model would say of it is noise."""
    if not isinstance(found, str) or found == SPEC_FORMAT:
        return None
    message = f"`spec` must be `{SPEC_FORMAT}`, not `{found[:60]}`"
    hint = did_you_mean(found, [SPEC_FORMAT])
    if found.startswith("vsmhub/hub/v"):
        hint = "a newer vsmhub may read this file"
    return Finding(rule="format", message=message, pointer=("spec",), hint=hint)

"""Reading a hand-written file of any kind: its value, or all that is wrong with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue

from vsmhub.spec.complaint import Complaint, Finding
from vsmhub.spec.document import Document, in_file_order
from vsmhub.spec.errors import SpecError
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import value_at
from vsmhub.spec.reader import READ_AS_NULL, parse_document, read_document
from vsmhub.spec.validation import validate

Model = TypeVar("Model", bound=BaseModel)

OLDEST_KEYS = ("slug", "vsmFunction")
"""What tells the oldest format of a hub, which did not say its format, from a file that lacks it."""

_UPDATE = "`vsmhub update` brings the file to it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Model]):
    """A kind of file: what it is called in a hub's folder, and what it must hold.

    `format` is what the file says of itself in `spec:`, such as `vsmhub/hub/v1`. `rules` finds what does not fit within
    one file; it is given plain data, so that a file that is wrong in one place is still told all the rest.
    """

    file_name: str
    format: str
    model: type[Model]
    rules: Callable[[JsonValue], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[Model]):
    """What came of reading one file.

    `spec` is there when the structure is right, even if parts of it do not fit each other. `document` is there when
    the file is YAML; it knows where everything stands.
    """

    file: Path
    spec: Model | None = None
    document: Document | None = None
    complaints: tuple[Complaint, ...] = ()

    def located(self, findings: Iterable[Finding]) -> tuple[Complaint, ...]:
        """The findings about this file's values, with the places they are at, in file order."""
        return self.document.located(findings) if self.document else ()

    def value(self) -> Model:
        """What the file says; SpecError with every complaint that is an error when there is one."""
        errors = [complaint for complaint in self.complaints if complaint.severity == "error"]
        if errors or self.spec is None:
            raise SpecError(errors)
        return self.spec


def read(kind: Kind[Model], file: Path) -> Reading[Model]:
    """What `file` holds, complaints included; raises nothing on bad input."""
    try:
        return _reading(kind, read_document(file))
    except SpecError as error:
        return Reading(file=file, complaints=error.complaints)


def read_text(kind: Kind[Model], text: str, file: Path) -> Reading[Model]:
    """What `text` says as a file of this kind; for one that comes from elsewhere than a file, such as Git."""
    try:
        return _reading(kind, parse_document(file, text))
    except SpecError as error:
        return Reading(file=file, complaints=error.complaints)


def _reading(kind: Kind[Model], document: Document) -> Reading[Model]:
    spec, findings = _validated(kind, document)
    complaints = in_file_order((*document.complaints, *document.located(findings)))
    return Reading(
        file=document.file, spec=None if document.complaints else spec, document=document, complaints=complaints
    )


def _validated(kind: Kind[Model], document: Document) -> tuple[Model | None, tuple[Finding, ...]]:
    data = document.data
    if not isinstance(data, dict):
        if document.complaints:
            return None, ()
        return None, (Finding(rule="wrong-kind", message="the file must hold a mapping, beginning with `spec:`"),)
    if (other := _other_format(kind.format, data)) is not None:
        return None, (other,)
    # What YAML already refused reads as empty; that the model does not take it is no news.
    known = {complaint.pointer for complaint in document.complaints if complaint.rule in READ_AS_NULL}
    spec, structure = validate(kind.model, data)
    wrong = tuple(finding for finding in structure if finding.pointer not in known)
    # A name of a wrong shape is declared nowhere, and that too is no news.
    known |= {finding.pointer for finding in wrong}
    return spec, (*wrong, *(finding for finding in kind.rules(data) if finding.pointer not in known))


def _other_format(wanted: str, data: JsonValue) -> Finding | None:
    """The one finding about a file of another format: what else the model would say of it is noise."""
    found = value_at(data, ("spec",))
    if isinstance(data, dict) and "spec" not in data and all(key in data for key in OLDEST_KEYS):
        message = f"`spec` is missing, and what is here is older than `{wanted}`"
        return Finding(rule="format", message=message, pointer=(), hint=_UPDATE)
    if not isinstance(found, str) or found == wanted:
        return None
    message = f"`spec` must be `{wanted}`, not `{found[:60]}`"
    hint = did_you_mean(found, [wanted])
    stem = wanted.rstrip("0123456789")
    if found.startswith(stem):
        older = found.removeprefix(stem).isdecimal() and int(found.removeprefix(stem)) < int(wanted.removeprefix(stem))
        hint = _UPDATE if older else "a newer vsmhub may read this file"
    return Finding(rule="format", message=message, pointer=("spec",), hint=hint)

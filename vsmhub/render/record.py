"""What a scaffold remembers of its template: the answers, and each file as it was rendered last.

It is one file in the scaffold, to be committed with it. An update merges from what stands here, so it needs neither
Git nor the template's older versions. Of files that are never merged, the digest is enough.
"""

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, ValidationError

from vsmhub.render.errors import RenderError
from vsmhub.render.questions import Answers
from vsmhub.render.template import Form
from vsmhub.render.tree import File, Owner

RECORD = ".vsmhub-scaffold.json"
FORMAT = "vsmhub/scaffold/v1"
_ABOUT = "Written by vsmhub: what `vsmhub update` merges from. Commit it; do not edit it."
# More than any file of a template; what unpacks to more is no record of ours.
_UNPACKED_LIMIT = 16 * 1024 * 1024


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: Owner
    executable: bool = False
    sha256: str
    base: str | None = None


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str = _ABOUT
    format: str
    template: Form
    answers: dict[str, str]
    files: dict[str, _Entry] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A file as a template rendered it last; `content` is there for files that are merged."""

    owner: Owner
    executable: bool
    digest: str
    content: bytes | None

    def is_content(self, content: bytes) -> bool:
        """Whether this is what was rendered."""
        return hashlib.sha256(content).hexdigest() == self.digest


def rendered_file(file: File) -> Rendered:
    """What is remembered of a file."""
    return Rendered(
        owner=file.owner,
        executable=file.executable,
        digest=hashlib.sha256(file.content).hexdigest(),
        content=file.content if file.owner is Owner.SCAFFOLD else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a scaffold was made from. `files` is None where only the answers are known, as after `copier copy`.

    `packed` keeps the packed form of contents that were read, by their digest, so that writing them again gives the
    same text whichever zlib there is.
    """

    form: Form
    answers: Answers
    files: Mapping[str, Rendered] | None
    packed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def to_bytes(self) -> bytes:
        """The record's file: JSON, each file of the scaffold on lines of its own."""
        document = _Document(
            format=FORMAT,
            template=self.form,
            answers=dict(self.answers),
            files=None if self.files is None else {path: self._entry(file) for path, file in self.files.items()},
        )
        told = document.model_dump(mode="json", exclude_none=True)
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()

    def _entry(self, file: Rendered) -> _Entry:
        packed = None
        if file.content is not None:
            packed = self.packed.get(file.digest) or base64.b64encode(zlib.compress(file.content, 9)).decode()
        return _Entry(owner=file.owner, executable=file.executable, sha256=file.digest, base=packed)


def read_record(folder: Path) -> Record | None:
    """The record in a scaffold's folder, None when there is none; RenderError when it is not one of ours."""
    path = folder / RECORD
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(f"{path} cannot be read: {error}") from error
    try:
        document = _Document.model_validate_json(text)
        if document.format != FORMAT:
            raise RenderError(f"{path} has the format {document.format!r}", hint="a newer vsmhub may read it")
        entries = document.files or {}
        files = {name: _rendered(entry) for name, entry in entries.items()}
    except (ValidationError, ValueError, zlib.error, binascii.Error) as error:
        raise RenderError(
            f"{path} is damaged: {_reason(error)}",
            hint=f"take it back from version control, or remove it and run vsmhub update --adopt {folder}",
        ) from error
    return Record(
        form=document.template,
        answers=MappingProxyType(document.answers),
        files=None if document.files is None else MappingProxyType(files),
        packed=MappingProxyType({entry.sha256: entry.base for entry in entries.values() if entry.base}),
    )


def _rendered(entry: _Entry) -> Rendered:
    content = None
    if entry.base is not None:
        content = zlib.decompressobj().decompress(base64.b64decode(entry.base, validate=True), _UNPACKED_LIMIT)
        if hashlib.sha256(content).hexdigest() != entry.sha256:
            raise ValueError("a file's content does not match its digest")
    return Rendered(owner=entry.owner, executable=entry.executable, digest=entry.sha256, content=content)


def _reason(error: Exception) -> str:
    return "it is not of the right shape" if isinstance(error, ValidationError) else str(error)

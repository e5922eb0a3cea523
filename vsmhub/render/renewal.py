"""A scaffold on the disk and its newest template: read, compared, and brought together."""

import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from vsmhub.files import FileError, inside
from vsmhub.render.errors import UpdateRefused
from vsmhub.render.exchange import alone, exchange, recover
from vsmhub.render.questions import Answers, answers
from vsmhub.render.record import RECORD, Record, read_record
from vsmhub.render.scaffold import scaffold
from vsmhub.render.template import Form, load_template
from vsmhub.render.tree import File
from vsmhub.render.update import Fate, Obstacle, Step, steps, unsettled
from vsmhub.spec.file_names import HUB_FILE
from vsmhub.spec.migrate import migrated


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What an update of one scaffold does: a step for each file, and the record to be kept afterwards."""

    folder: Path
    form: Form
    steps: tuple[Step, ...]
    record: File
    recorded: File | None

    @property
    def changes(self) -> Mapping[str, File | None]:
        """What the files become that change; the record is last."""
        changed = {step.path: step.after for step in self.steps if step.changes}
        return changed if self.record == self.recorded else {**changed, RECORD: self.record}

    @property
    def conflicts(self) -> int:
        """How many conflicts a person has to settle."""
        return sum(step.conflicts for step in self.steps)


def adopt(folder: Path, form: Form, given: Answers, root: Path | None = None) -> Renewal:
    """What it takes for a folder without a record to become a scaffold: files it lacks are made, all others stay."""
    return _renewal(folder, Record(form=form, answers=given, files=None), root)


def renewal(folder: Path, root: Path | None = None) -> Renewal:
    """What an update of the scaffold in `folder` does, with the templates in `root`, by default vsmhub's own.

    UpdateRefused when there is no scaffold there, or a conflict in it is not settled yet; RenderError when its record
    or the template cannot be read. An update that was killed is undone first.
    """
    with alone(folder) as held:
        if not held:
            raise UpdateRefused(f"{folder} is being updated by another process")
        recover(folder)
    record = read_record(folder)
    if record is None:
        raise UpdateRefused(
            f"{folder} has no {RECORD}, so what a template wrote there is not known",
            hint=f"to begin: vsmhub update --adopt {folder} writes what is missing and changes nothing that is there",
        )
    return _renewal(folder, record, root)


def carry_out(renewed: Renewal) -> None:
    """Change the files as a renewal says, all or none; UpdateRefused when they are not as it was told from."""
    with alone(renewed.folder) as held:
        if not held:
            raise UpdateRefused(f"{renewed.folder} is being updated by another process")
        for step in renewed.steps:
            if step.changes and _read(renewed.folder, step.path) != step.before:
                raise UpdateRefused(f"{renewed.folder / step.path} has changed meanwhile", hint="run the update again")
        if renewed.changes:
            exchange(renewed.folder, renewed.changes)


def _renewal(folder: Path, record: Record, root: Path | None) -> Renewal:
    template = load_template(record.form, root)
    known = {question.name for question in template.questions if not question.computed}
    given = {name: answer for name, answer in record.answers.items() if name in known}
    fresh = scaffold(template, answers(template.questions, given, folder.resolve().name))
    paths = sorted({*fresh.tree, *(record.files or {})})
    found = {path: file for path in paths if (file := _read(folder, path)) is not None}
    if conflicted := unsettled(found):
        raise UpdateRefused(
            f"conflict markers stand in {', '.join(str(folder / path) for path in conflicted)}",
            hint="settle them, then run the update again",
        )
    here = _read(folder, RECORD)
    return Renewal(
        folder=folder,
        form=record.form,
        steps=_with_spec(folder, steps(record.files, fresh.tree, MappingProxyType(found))),
        record=File(content=replace(fresh.record(), packed=record.packed).to_bytes()),
        recorded=here if isinstance(here, File) else None,
    )


def _with_spec(folder: Path, told: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, with one that brings the hub's spec to the newest format where it is older."""
    here = _read(folder, HUB_FILE)
    if not isinstance(here, File):
        return tuple(told)
    now = migrated(here.content.decode(errors="surrogateescape"), folder / HUB_FILE)
    if now is None:
        return tuple(told)
    step = Step(
        path=HUB_FILE,
        fate=Fate.MIGRATED,
        before=here,
        after=replace(here, content=now.text.encode(errors="surrogateescape")),
        why=f"from {now.formats[0]} to {now.formats[-1]}",
    )
    return tuple(sorted([*(one for one in told if one.path != HUB_FILE), step], key=lambda one: one.path))


def _read(folder: Path, name: str) -> File | Obstacle | None:
    """What stands at a path of a scaffold; None when nothing does."""
    path = folder / name
    try:
        inside(folder, name)
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            return File(content=path.read_bytes(), executable=bool(status.st_mode & stat.S_IXUSR))
    except FileError:
        return Obstacle(what="something outside of the folder")
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return Obstacle(what="a file where a folder would be")
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from error
    return Obstacle(what="a folder" if stat.S_ISDIR(status.st_mode) else "something that is no plain file")

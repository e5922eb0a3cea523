"""Scaffolds: what a template and answers make, as a tree of files and the record that a later update starts from."""

from dataclasses import dataclass
from types import MappingProxyType

from vsmhub.render.engine import rendered
from vsmhub.render.errors import TemplateBroken
from vsmhub.render.questions import Answers
from vsmhub.render.record import RECORD, Record, rendered_file
from vsmhub.render.template import SUFFIX, Template
from vsmhub.render.tree import File, Owner, Tree

# What POSIX file systems take as the name of one file, in bytes.
_NAME_LIMIT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffold:
    """What a template renders for some answers."""

    template: Template
    answers: Answers
    tree: Tree

    def record(self) -> Record:
        """What an update will need to know of this scaffold."""
        asked = {one.name: self.answers[one.name] for one in self.template.questions if not one.computed}
        files = {path: rendered_file(file) for path, file in self.tree.items()}
        return Record(form=self.template.form, answers=MappingProxyType(asked), files=MappingProxyType(files))

    def complete(self) -> Tree:
        """The tree with its record in it."""
        files = {**self.tree, RECORD: File(content=self.record().to_bytes(), owner=Owner.GENERATED)}
        return MappingProxyType(dict(sorted(files.items())))


def scaffold(template: Template, answers: Answers) -> Scaffold:
    """The files that a template makes of these answers; TemplateBroken when it cannot, or would leave its folder.

    A part of a path that renders to nothing leaves out what is below it, as in copier.
    """
    files: dict[str, File] = {}
    for source, (text, executable) in template.sources.items():
        where = f"{template.form.value}/{source}"
        path = _path(source.removesuffix(SUFFIX), answers, where)
        # The record that `copier copy` leaves holds the answers alone; ours is made from all of this.
        if path is None or path == RECORD:
            continue
        if path in files:
            raise TemplateBroken(f"the template {where} is broken: two files go to {path}")
        content = rendered(text, answers, where).encode()
        files[path] = File(content=content, owner=template.owner(path), executable=executable)
    return Scaffold(template=template, answers=answers, tree=MappingProxyType(dict(sorted(files.items()))))


def _path(source: str, answers: Answers, where: str) -> str | None:
    """The path that a template's path renders to, below the destination whatever the answers are."""
    parts = [rendered(part, answers, where) if "{" in part else part for part in source.split("/")]
    if not all(parts):
        return None
    for part in parts:
        if part in (".", "..") or not part.isprintable() or set(part) & {"/", "\\"} or len(part.encode()) > _NAME_LIMIT:
            raise TemplateBroken(f"the template {where} is broken: {part!r} cannot be the name of a file")
    return "/".join(parts)

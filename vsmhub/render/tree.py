"""Files as values: what a template renders, before any of it is on a disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Owner(StrEnum):
    """Who decides what a file holds once it is there."""

    GENERATED = "generated"
    """Always rewritten; the file's beginning says so."""
    SCAFFOLD = "scaffold"
    """Written once for people to edit; what the template changes later is merged into it."""
    USER = "user"
    """Written once, then left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a scaffold; two are equal when they are the same on a disk, whoever owns them."""

    content: bytes
    executable: bool = False
    owner: Owner = field(default=Owner.SCAFFOLD, compare=False)


Tree = Mapping[str, File]
"""Files by their paths, relative and with `/`, in the order of their paths."""


def outline(paths: Mapping[str, str] | list[str]) -> list[str]:
    """Paths as the lines of a drawn tree, folders before what is in them; with notes behind the paths that have one."""
    notes = paths if isinstance(paths, Mapping) else dict.fromkeys(paths, "")
    lines = _drawn([tuple(path.split("/")) for path in sorted(notes)], "")
    width = max((len(drawn) for drawn, _ in lines), default=0)
    return [f"{drawn:{width}}  {notes[path]}" if notes.get(path) else drawn for drawn, path in lines]


def _drawn(paths: list[tuple[str, ...]], indent: str, above: str = "") -> list[tuple[str, str]]:
    """Each line with the path it stands for."""
    lines: list[tuple[str, str]] = []
    names = sorted({path[0] for path in paths})
    for name in names:
        last = name == names[-1]
        below = [path[1:] for path in paths if path[0] == name and len(path) > 1]
        lines.append((f"{indent}{'└── ' if last else '├── '}{name}{'/' if below else ''}", above + name))
        lines += _drawn(below, indent + ("    " if last else "│   "), f"{above}{name}/")
    return lines

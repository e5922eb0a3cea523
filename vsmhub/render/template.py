"""The templates that come with vsmhub: where they are, what they ask, and which of their files belong to whom.

They are plain copier templates (https://copier.readthedocs.io), so that `copier copy templates/hub DEST` takes them
as well. They are rendered here without copier, which takes longer to import than a whole scaffold takes to make; a
test holds both to the same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

import yaml

from vsmhub.render.errors import TemplateBroken
from vsmhub.render.questions import Question
from vsmhub.render.tree import Owner

CONFIG = "copier.yml"
SUFFIX = ".jinja"


class Form(StrEnum):
    """What a hub can be scaffolded as; the name of its template."""

    HUB = "hub"
    """A folder in a constellation."""
    STANDALONE = "standalone"
    """A repository of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template. `sources` holds the text of each of its files by path, with the executable bit."""

    form: Form
    root: Path
    questions: tuple[Question, ...]
    created_once: tuple[str, ...]
    generated: tuple[str, ...]
    sources: Mapping[str, tuple[str, bool]]

    def owner(self, path: str) -> Owner:
        """Who decides what the file at `path` holds once it is there."""
        if any(fnmatchcase(path, pattern) for pattern in self.created_once):
            return Owner.USER
        if any(fnmatchcase(path, pattern) for pattern in self.generated):
            return Owner.GENERATED
        return Owner.SCAFFOLD


def templates_root() -> Path:
    """The folder of all templates: in the installed package, or else at the top of the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def load_template(form: Form, root: Path | None = None) -> Template:
    """The template for `form` below `root`, by default vsmhub's own; TemplateBroken when it cannot be read."""
    folder = (root or templates_root()) / form.value
    config = _config(folder / CONFIG)
    asked = {name: told for name, told in config.items() if not name.startswith("_")}
    return Template(
        form=form,
        root=folder,
        questions=tuple(_question(folder / CONFIG, name, told) for name, told in asked.items()),
        created_once=_patterns(folder / CONFIG, config, "_skip_if_exists"),
        generated=_patterns(folder / CONFIG, config, "_always_rewritten"),
        sources=MappingProxyType(_sources(folder)),
    )


def _config(file: Path) -> dict[str, object]:
    try:
        config = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TemplateBroken(f"{file} cannot be read: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TemplateBroken(f"{file} is not YAML: {error}") from error
    if not isinstance(config, dict):
        raise TemplateBroken(f"{file} must hold a mapping")
    return {str(name): told for name, told in config.items()}


def _question(file: Path, name: str, told: object) -> Question:
    if not isinstance(told, dict):
        raise TemplateBroken(f"{file}: the question `{name}` must be a mapping")
    choices = told.get("choices", {})
    if isinstance(choices, list):
        choices = {choice: choice for choice in choices}
    if not isinstance(choices, dict):
        raise TemplateBroken(f"{file}: the choices of `{name}` must be a list or a mapping")
    return Question(
        name=name,
        help=str(told.get("help", name)),
        default=str(told["default"]) if "default" in told else None,
        validator=str(told.get("validator", "")),
        choices=MappingProxyType({str(value): str(label) for label, value in choices.items()}),
        computed=told.get("when", True) is False,
    )


def _patterns(file: Path, config: Mapping[str, object], name: str) -> tuple[str, ...]:
    patterns = config.get(name, [])
    if not isinstance(patterns, list):
        raise TemplateBroken(f"{file}: `{name}` must be a list of patterns")
    return tuple(map(str, patterns))


def _sources(folder: Path) -> dict[str, tuple[str, bool]]:
    found = {}
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file():
            raise TemplateBroken(f"{path} is not a file")
        try:
            found[name] = (path.read_text(encoding="utf-8"), bool(path.stat().st_mode & 0o100))
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateBroken(f"{path} cannot be read: {error}") from error
    return found

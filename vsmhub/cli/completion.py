"""What the shell offers for an argument: names of the hub that stands before it, entries of the inventory, targets.

A function is asked on each press of the key; whatever keeps it from an answer is not told, and nothing is offered.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from vsmhub.errors import VsmhubError

if TYPE_CHECKING:
    from vsmhub.spec.folder import HubFolder
    from vsmhub.spec.model import HubSpec

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*")
_NO_TEXT = re.compile(r"[\\$`\"'\x00-\x1f\x7f-\x9f]+")
Offers = list[tuple[str, str]]
"""Values with what each means."""


def targets(incomplete: str) -> Offers:
    """The targets of vsmhub.toml, and the embedded Inter-Hub."""
    from vsmhub.paths import Paths
    from vsmhub.targets.choice import LOCAL
    from vsmhub.targets.settings import read_settings

    found: dict[str, str] = {}
    with contextlib.suppress(VsmhubError, OSError):
        named = read_settings(Path.cwd(), Paths.from_environment(os.environ).config).targets
        found = {name: one.base or "" for name, one in named.items()}
    return fitting({LOCAL: "the embedded Inter-Hub", **found}.items(), incomplete)


def kinds(incomplete: str) -> Offers:
    """The kinds of names of a vocabulary."""
    from vsmhub.vocabulary.kinds import Kind

    return fitting(((kind.value, "") for kind in Kind), incomplete)


def names(ctx: typer.Context, incomplete: str) -> Offers:
    """All names of the hub's vocabulary."""
    from vsmhub.vocabulary.kinds import Kind

    return _terms(ctx, [kind.key for kind in Kind], incomplete)


def event_types(ctx: typer.Context, incomplete: str) -> Offers:
    """The hub's event types."""
    return _terms(ctx, ["event_types"], incomplete)


def categories(ctx: typer.Context, incomplete: str) -> Offers:
    """The hub's annotation categories."""
    return _terms(ctx, ["annotation_categories"], incomplete)


def widgets(ctx: typer.Context, incomplete: str) -> Offers:
    """The hub's widgets, also those of its inventory and gates."""
    declared = (folder.declared() for folder in _folder(ctx))
    return fitting(((one.slug, one.name) for spec in declared for one in spec.widgets), incomplete)


def signals(ctx: typer.Context, incomplete: str) -> Offers:
    """The hub's signals."""
    found = (folder.signals for folder in _folder(ctx))
    return fitting(((one.name, one.why) for its in found if its for one in its.signals), incomplete)


def entries(ctx: typer.Context, incomplete: str) -> Offers:
    """The entries of the hub's inventory."""
    inventories = (folder.inventory for folder in _folder(ctx))
    return fitting(((ref.key, one.name) for its in inventories if its for ref, one in its.entries()), incomplete)


def _terms(ctx: typer.Context, vocabularies: list[str], incomplete: str) -> Offers:
    specs: Iterator[HubSpec] = (folder.hub for folder in _folder(ctx))
    terms: Iterator[tuple[str, Any]] = (
        term for spec in specs for key in vocabularies for term in getattr(spec.vocabulary, key).items()
    )
    return fitting(((name, term.description) for name, term in terms if not term.deprecated), incomplete)


def _folder(ctx: typer.Context) -> "Iterator[HubFolder]":
    """The hub that is named before, where there is one and all of its files are right."""
    from vsmhub.cli.declared import folder_of
    from vsmhub.spec.folder import load_folder

    hub = ctx.params.get("hub")
    if hub is not None:
        with contextlib.suppress(VsmhubError, OSError):
            yield load_folder(folder_of(Path(hub)))


def fitting(offers: Iterable[tuple[str, str]], incomplete: str) -> Offers:
    """Those that begin with what is typed so far, in letters that are nothing but letters to a shell.

    zsh evaluates what it is offered, twice, and typer quotes no backslash: a description with one before a `$` would be
    a command that the key runs, in the folder of whoever wrote it.
    """
    plain = ((name, _NO_TEXT.sub(" ", what)) for name, what in offers if _NAME.fullmatch(name))
    return [(name, what) for name, what in plain if name.startswith(incomplete)]

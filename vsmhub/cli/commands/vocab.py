"""`vsmhub vocab`: looking at a vocabulary, and changing it in `hub.yaml`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.completion import kinds, names
from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import Hub, Json

if TYPE_CHECKING:
    from vsmhub.vocabulary.edit import Edited

app = typer.Typer(
    name="vocab",
    help="Look at a hub's vocabulary, or change it in hub.yaml. Nothing else in the file is touched.",
    no_args_is_help=True,
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="A name of the vocabulary, such as ops-host.", show_default=False, autocompletion=names
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in one line.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Manifest version it counts from.", show_default="the next one")
]
Bump = Annotated[bool, typer.Option("--bump", help="Raise the manifest's version as the change asks for.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, and write nothing.")]


@app.command("list")
def list_names(
    hub: Hub,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", help="Only one: widget-type, event-type, annotation-category, policy-scope.", autocompletion=kinds
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the names a hub owns, and how often it uses them itself.

    Example: vsmhub vocab list hubs/ops --kind event-type
    """
    from vsmhub.cli.output import say, say_json, say_table
    from vsmhub.spec.load import load_hub
    from vsmhub.vocabulary.kinds import Kind, kind_called
    from vsmhub.vocabulary.rules import uses

    spec = load_hub(folder_of(hub))
    kinds = [kind_called(kind)] if kind else list(Kind)
    used = [use.name for use in uses(spec.model_dump(mode="json"))]
    facts = [
        {
            "kind": str(one),
            "name": name,
            "description": term.description,
            "deprecated": term.deprecated.model_dump(mode="json", exclude_none=True) if term.deprecated else None,
            "uses": used.count(name),
        }
        for one in kinds
        for name, term in getattr(spec.vocabulary, one.key).items()
    ]
    if as_json:
        say_json({"hub": spec.hub.slug, "version": spec.manifest.version, "names": facts})
        return
    rows = [
        [
            str(fact["kind"]),
            str(fact["name"]),
            str(fact["uses"] or ""),
            _meaning(fact["description"], fact["deprecated"]),
        ]
        for fact in facts
    ]
    say(f"{spec.hub.slug}, manifest version {spec.manifest.version}: {len(rows)} names")
    if rows:
        say_table(rows, ["kind", "name", "uses", "meaning"])


@app.command()
def add(
    hub: Hub,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="widget-type, event-type, annotation-category or policy-scope.", autocompletion=kinds
        ),
    ],
    name: Name,
    description: Annotated[
        str, typer.Argument(metavar="DESCRIPTION", help="What it means, in one line.", show_default=False)
    ],
    after: Annotated[str | None, typer.Option("--after", help="The name to put it after.", show_default="last")] = None,
    bump: Bump = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Add a name to a vocabulary.

    Example: vsmhub vocab add hubs/ops event-type ops-cost-reported "What something costs was told"
    """
    from vsmhub.vocabulary.edit import add_term
    from vsmhub.vocabulary.kinds import kind_called

    found = kind_called(kind)
    _edit(
        hub,
        lambda text, file, released: add_term(
            text, file, found, name, description, after=after, released=released, bump=bump
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@app.command()
def deprecate(
    hub: Hub,
    name: Name,
    replaced_by: Annotated[str | None, typer.Option("--replaced-by", help="The name to use instead.")] = None,
    reason: Reason = None,
    since: Since = None,
    bump: Bump = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say that a name should not be used any more. It stays valid until it is taken out.

    Example: vsmhub vocab deprecate hubs/ops ops-drift --reason "aud-hub confirms drift" --bump
    """
    from vsmhub.vocabulary.edit import deprecate_term

    _edit(
        hub,
        lambda text, file, released: deprecate_term(
            text, file, name, replaced_by=replaced_by, reason=reason, since=since, released=released, bump=bump
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@app.command()
def rename(
    hub: Hub,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it is called from now on.", show_default=False)],
    description: Annotated[
        str | None, typer.Option("--description", help="What it means.", show_default="as before")
    ] = None,
    reason: Reason = None,
    since: Since = None,
    bump: Bump = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Rename a name; the old one stays as a deprecated alias.

    The hub's own widgets, registration and channels move.

    Example: vsmhub vocab rename hubs/ops ops-host ops-machine --bump
    """
    from vsmhub.vocabulary.edit import rename_term

    _edit(
        hub,
        lambda text, file, released: rename_term(
            text, file, name, new, description=description, reason=reason, since=since, released=released, bump=bump
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


def _edit(hub: Path, change: Callable[[str, Path, str | None], "Edited"], *, dry_run: bool, as_json: bool) -> None:
    from vsmhub.cli.output import say, say_json, tell
    from vsmhub.files import write_atomically
    from vsmhub.spec.load import hub_file
    from vsmhub.spec.source import read_source
    from vsmhub.vocabulary.version import SemanticVersion

    file = hub_file(folder_of(hub))
    before = read_source(file)
    edited = change(before, file, _released(file))
    if not dry_run:
        write_atomically(file, edited.text, mode=file.stat().st_mode & 0o777)
    needs = SemanticVersion(edited.version) < SemanticVersion(edited.needed)
    if as_json:
        say_json(
            {
                "file": str(file),
                "done": list(edited.done),
                "written": not dry_run,
                "version": edited.version,
                "needed": edited.needed,
            }
        )
        return
    if dry_run:
        _say_diff(before, edited.text, file)
    for one in edited.done:
        say(f"{file}: {one}")
    if dry_run:
        say("Nothing was written.")
    if needs:
        tell(
            f"The manifest is version {edited.version}; this change asks for {edited.needed} or later (see --bump).",
            "warn",
        )


def _released(file: Path) -> str | None:
    """The manifest's version as it was last committed: what others have; None where Git cannot tell."""
    from vsmhub.errors import VsmhubError
    from vsmhub.spec.load import parse_hub
    from vsmhub.vocabulary.history import text_at

    try:
        committed = text_at(file, "HEAD")
        return parse_hub(committed).manifest.version if committed is not None else None
    except VsmhubError:
        return None


def _say_diff(before: str, after: str, file: Path) -> None:
    from difflib import unified_diff

    from vsmhub.cli.output import Style, say

    styles: dict[str, Style] = {"+": "add", "-": "remove", "@": "dim"}
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{file}", f"b/{file}", lineterm="")
    for line in lines:
        say(line, styles.get(line[:1]))


def _meaning(description: object, deprecated: object) -> str:
    if not isinstance(deprecated, dict):
        return str(description)
    instead = f", use {deprecated['replaced_by']}" if "replaced_by" in deprecated else ""
    return f"{description} (deprecated since {deprecated['since']}{instead})"

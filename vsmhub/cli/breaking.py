"""`vsmhub breaking`: what a change of vocabulary does to those who use it, and which version it asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vsmhub.spec.load import Reading
    from vsmhub.vocabulary.changes import Change, Uses, Verdict
    from vsmhub.vocabulary.published import Published


def breaking(
    hub: Annotated[Path, typer.Argument(help="The hub's folder, or its hub.yaml.", show_default=False)],
    against: Annotated[
        str, typer.Option("--against", help="A commit, branch or tag to compare with.", show_default="HEAD")
    ] = "HEAD",
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False,
) -> None:
    """Tell what changed in a hub's vocabulary, whom it breaks, and whether the manifest's version says so.

    Exit code 1 when the version has not moved as far as the changes ask for.

    Example: vsmhub breaking hubs/ops --against main
    """
    from vsmhub.cli.output import say, say_json
    from vsmhub.spec.load import hub_file, read_hub
    from vsmhub.vocabulary.changes import changes, verdict
    from vsmhub.vocabulary.published import published

    reading = read_hub(hub_file(hub))
    spec = reading.value()
    after = published(spec)
    before = _in_git(reading.file, against)
    if before is None:
        if as_json:
            say_json({"hub": spec.hub.slug, "against": against, "before": None, "after": after.version, "changes": []})
        else:
            say(f"{reading.file} is not in {against}: all of it is new.")
        return
    found = changes(before, after)
    judged = verdict(before, after, found)
    if as_json:
        say_json({"hub": spec.hub.slug, "against": against, **_facts(judged, found)})
    else:
        say(f"{spec.hub.slug} {judged.after}, against {against} ({judged.before})", "bold")
        _say_changes(found)
        _say_verdict(judged, reading)
    if not judged.satisfied:
        raise typer.Exit(1)


def _in_git(file: Path, ref: str) -> "Published | None":
    from vsmhub.spec.load import parse_hub
    from vsmhub.vocabulary.history import text_at
    from vsmhub.vocabulary.published import published

    text = text_at(file, ref)
    return None if text is None else published(parse_hub(text, Path(f"{ref}:{file}")))


def _facts(judged: "Verdict", found: "tuple[Change, ...]") -> dict[str, object]:
    return {
        "before": judged.before,
        "after": judged.after,
        "needed": judged.needed,
        "satisfied": judged.satisfied,
        "problem": judged.problem,
        "changes": [
            {
                "impact": str(change.impact),
                "what": change.what,
                "kind": str(change.kind) if change.kind else None,
                "name": change.name,
                "reason": change.reason,
                "replacedBy": change.replaced_by,
                "uses": _counts(change.uses) if change.uses is not None else None,
            }
            for change in found
        ],
    }


def _counts(uses: "Uses") -> dict[str, object]:
    return {"widgets": uses.widgets, "events": uses.events, "annotations": uses.annotations, "more": uses.more}


def _say_changes(found: "tuple[Change, ...]") -> None:
    from vsmhub.cli.output import Style, say
    from vsmhub.vocabulary.changes import Impact

    styles: dict[Impact, Style] = {Impact.BREAKING: "bad", Impact.DEPRECATING: "warn", Impact.COMPATIBLE: "good"}
    for change in found:
        words = f"{change.kind.words} " if change.kind else ""
        uses = f" [{_in_words(change.uses)}]" if change.uses is not None else ""
        say(f"  {change.impact:<11}  {change.what} {words}{change.name}: {change.reason}{uses}", styles[change.impact])


def _in_words(uses: "Uses") -> str:
    more = " or more" if uses.more else ""
    counts = {"widget": uses.widgets, "event": uses.events, "annotation": uses.annotations}
    said = [f"{count}{more} {what}{'' if count == 1 else 's'}" for what, count in counts.items() if count]
    return f"in use: {', '.join(said)}" if said else "not in use"


def _say_verdict(judged: "Verdict", reading: "Reading") -> None:
    from vsmhub.cli.output import say

    if judged.satisfied:
        said = "no changes" if judged.needed == judged.before else f"the changes ask for {judged.needed} or later"
        say(f"{said[0].upper()}{said[1:]}; version {judged.after} will do.", "good")
        return
    place = reading.document.places.value(("manifest", "version")) if reading.document else None
    where = f"{reading.file}:{place.line}:{place.column}" if place else str(reading.file)
    say(f"{where}: {judged.problem}", "bad")

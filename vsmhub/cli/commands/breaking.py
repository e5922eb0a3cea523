"""`vsmhub breaking`: what a change of vocabulary does to those who use it, and which version it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import Hub, Json

if TYPE_CHECKING:
    from vsmhub.spec.load import Reading
    from vsmhub.targets.choice import Target
    from vsmhub.vocabulary.changes import Change, CountUses, Uses, Verdict
    from vsmhub.vocabulary.published import Published


@dataclass(frozen=True, slots=True)
class _Other:
    """What the hub is compared with; `published` is None where the hub is not there."""

    label: str
    published: "Published | None"
    count: "CountUses | None" = None


def breaking(
    hub: Hub,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="REF|TARGET",
            help="A commit, branch or tag; or a target: its URL, its name in vsmhub.toml, or local.",
        ),
    ] = "HEAD",
    as_json: Json = False,
) -> None:
    """Tell what changed in a hub's vocabulary, and whom it breaks.

    Also whether the manifest's version says so. Against a target it also counts what is in use there. Exit code 1 when
    the version has not moved far enough.

    Example: vsmhub breaking hubs/ops --against main
    """
    from vsmhub.cli.output import say, say_json
    from vsmhub.spec.load import read_hub
    from vsmhub.vocabulary.changes import changes, counted, verdict
    from vsmhub.vocabulary.published import published

    reading = read_hub(folder_of(hub))
    spec = reading.value()
    after = published(spec)
    with _other(reading.file, spec.hub.slug, against) as other:
        facts: dict[str, object] = {"hub": spec.hub.slug, "against": other.label}
        if other.published is None:
            if as_json:
                say_json({**facts, "before": None, "after": after.version, "changes": []})
            else:
                say(f"{spec.hub.slug} is not in {other.label}: all of it is new.")
            return
        found = changes(other.published, after)
        judged = verdict(other.published, after, found)
        if other.count is not None:
            found = counted(found, other.count)
    if as_json:
        say_json({**facts, **_facts(judged, found)})
    else:
        say(f"{spec.hub.slug} {judged.after}, against {other.label} ({judged.before})", "bold")
        _say_changes(found)
        _say_verdict(judged, reading)
    if not judged.satisfied:
        raise typer.Exit(1)


@contextmanager
def _other(file: Path, slug: str, against: str) -> "Iterator[_Other]":
    target = _target(against)
    if target is None:
        yield _Other(against, _in_git(file, against))
        return
    from vsmhub.cli.live_vocabulary import live_vocabulary
    from vsmhub.targets.opening import opened

    base = target.base if not target.is_named else None
    with opened(None if base else target.name, base) as at:
        live = live_vocabulary(at.operator, slug)
        label = target.label
        yield _Other(label, live.published, live.uses) if live else _Other(label, None)


def _target(against: str) -> "Target | None":
    """The target that the word means; None when it is for Git: `local` is a target, `refs/heads/local` a branch."""
    import os

    from vsmhub.paths import Paths
    from vsmhub.targets.choice import LOCAL, choose
    from vsmhub.targets.settings import read_settings

    settings = read_settings(Path.cwd(), Paths.from_environment(os.environ).config)
    if against.startswith(("http://", "https://")):
        return choose(None, against, settings, {})
    return choose(against, None, settings, {}) if against in {LOCAL, *settings.targets} else None


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
        said = "No changes" if judged.needed == judged.before else f"The changes ask for {judged.needed} or later"
        say(f"{said}; version {judged.after} will do.", "good")
        return
    place = reading.document.places.value(("manifest", "version")) if reading.document else None
    where = f"{reading.file}:{place.line}:{place.column}" if place else str(reading.file)
    say(f"{where}: {judged.problem}", "bad")

"""Plans and their outcome, as a person reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vsmhub.cli.output import Style, coloured, in_one_line, say, say_facts, styled

if TYPE_CHECKING:
    from pydantic import BaseModel

    from vsmhub.interhub.messages.access import Key
    from vsmhub.interhub.messages.framework import Hub, Manifest
    from vsmhub.plan.bootstrap import Seen
    from vsmhub.plan.desired import Desired
    from vsmhub.plan.execution import Progress
    from vsmhub.plan.live import Live
    from vsmhub.plan.model import Change, Plan
    from vsmhub.targets.opening import Opened

SOON = 30
_STYLES: dict[str, Style] = {
    "bold": "bold",
    "dim": "dim",
    "add": "add",
    "change": "change",
    "remove": "remove",
    "warn": "warn",
}


def show_plan(plan: "Plan", *, every: bool = False) -> None:
    """Print a plan."""
    from vsmhub.plan.views import text

    for line in text(plan, every=every):
        say(in_one_line(line.text), _STYLES.get(line.tone))


@contextmanager
def progress(plan: "Plan", *, quiet: bool) -> "Iterator[Progress]":
    """What is done, while it is done: a bar on a terminal, nothing elsewhere or when `quiet`."""
    import sys

    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True, no_color=not coloured(sys.stderr))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(plan.steps))

        def done(change: "Change") -> None:
            bar.update(task, advance=1, description=f"{change.kind} {change.name}")

        yield done


def facts_of(declared: "Desired", seen: "Seen", kept: str, *, proven: bool) -> dict[str, str]:
    """What exists now of what is declared, by the words a person looks for."""
    live = seen.live
    facts: dict[str, str] = {}
    if live.hub is not None:
        hub = live.hub
        facts["hub"] = f"{hub.name} ({hub.slug}), {hub.domain}"
        facts["classified"] = _classified(hub, live.active)
    if (manifest := live.active) is not None:
        counts = (
            (manifest.widget_types, "widget type", "widget types"),
            (manifest.event_types, "event type", "event types"),
            (manifest.annotation_categories, "annotation category", "annotation categories"),
            (manifest.policy_scopes, "policy scope", "policy scopes"),
        )
        said = ", ".join(f"{len(names)} {one if len(names) == 1 else many}" for names, one, many in counts)
        facts["manifest"] = f"{manifest.version} {manifest.status}: {said}"
    # A hub may have consumers of earlier names, and of others.
    if (consumer := live.consumer(declared.consumer)) is not None:
        facts["consumer"] = f"{consumer.name} ({consumer.status})"
    if kept:
        facts["key"] = kept
    retired = sum(one.status == "retired" for one in live.widgets.values())
    facts["widgets"] = f"{len(live.widgets) - retired}" + (f", and {retired} retired" if retired else "")
    if live.registered is not None:
        facts["evidence"] = f"{live.registered.event_type} at {live.registered.occurred_at:%Y-%m-%d %H:%M:%S} UTC"
    if proven:
        facts["proven"] = "planned again: no changes; registry read with the hub's own key"
    return facts


def _classified(hub: "Hub", manifest: "Manifest | None") -> str:
    """What the hub is classified as; by its manifest, where the hub itself has no place for that."""
    from vsmhub.spec.model import TITLE_OF

    titles = {str(function): f"{title}: " for function, title in TITLE_OF.items()}
    names = ("vsm_function", "vsm_system", "hub_family")
    told = {name: getattr(hub, name) for name in names}
    by_manifest = manifest is not None and not any(told.values())
    if manifest is not None and by_manifest:
        told = {name: manifest.capability.get(name) for name in names}
    function, system, family = (told[name] for name in names)
    said = f"{titles.get(str(function), '')}function {function}, system {system}, family {family}"
    return f"{said} (by its manifest)" if by_manifest else said


def live_json(live: "Live") -> dict[str, Any]:
    """What exists, for programs, with the API's names; widgets and keys without their secrets, as the API has them."""

    def plain(one: "BaseModel | None") -> Any:  # noqa: ANN401 - JSON
        return None if one is None else one.model_dump(mode="json", by_alias=True)

    return {
        "hub": plain(live.hub),
        "manifest": plain(live.active),
        "consumers": [plain(one) for one in live.consumers],
        "keys": [plain(one) for one in live.keys],
        "widgets": [plain(one) for one in live.widgets.values()],
        "registration": plain(live.registered),
    }


def key_facts(at: "Opened", declared: "Desired", live: "Live") -> str:
    """The hub's key: its public beginning, where it is kept, and until when it does; never the key itself."""
    from vsmhub.plan.live import usable
    from vsmhub.plan.model import Kind

    held = at.key_of(declared.hub)
    secret = held.held()
    if secret is not None and Kind.KEY in live.unseen:
        return f"in {held.describe()}, opens {'what it should' if live.opened else 'nothing'}"
    named = [key for key in live.keys if key.name == declared.key and usable(key)]
    if secret is None:
        return f"{', '.join(key.prefix for key in named)}, kept elsewhere" if named else ""
    mine = next((key for key in live.keys if usable(key) and secret.reveal().startswith(key.prefix)), None)
    if mine is None:
        return f"the one in {held.describe()} is no longer good"
    return f"{mine.prefix}, in {held.describe()}, good {_until(mine)}"


def _until(key: "Key") -> str:
    if key.expires_at is None:
        return "until it is revoked"
    days = (key.expires_at - datetime.now(UTC)).days
    return f"until {key.expires_at:%Y-%m-%d}" + (f", in {days} days" if days < SOON else "")


def show_outcome(hub: str, label: str, facts: dict[str, str], *, changed: bool) -> None:
    """Print what exists after an apply."""
    say(styled("ok", "good") + f"  {hub} is in Inter-Hub at {label}" + ("" if changed else ": no changes"))
    say_facts(facts, indent="    ")

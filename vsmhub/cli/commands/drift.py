"""`vsmhub drift`: what has moved since the last apply, on which side, and by whom."""

import json
from typing import TYPE_CHECKING, Any

import typer

from vsmhub.cli.options import Base, Hubs, Json, TargetName

if TYPE_CHECKING:
    from vsmhub.plan.drift import Drift
    from vsmhub.plan.drifting import Drifted

EXIT_DRIFTED = 2
LONG = 80
BEFORE = 20


def drift(hubs: Hubs, target: TargetName = None, base: Base = None, as_json: Json = False) -> None:
    """Tell which fields moved since the last apply, where and by whom.

    It compares what was applied last, what is live, and what is declared.
    The last apply is known from its journal here, or from the event by which it recorded itself at the target and the
    trail of writes there. Exit code: 0 no drift, 2 drift, 1 error.

    Example: vsmhub drift hubs/ops
    """
    from vsmhub.cli.declared import declare
    from vsmhub.cli.journaling import folder_at
    from vsmhub.cli.output import say_json
    from vsmhub.plan.drifting import drift_at
    from vsmhub.plan.history import runs
    from vsmhub.targets.opening import opened

    declared = declare(hubs)
    with opened(target, base) as at:
        found = [drift_at(one, at, runs(folder_at(at, one.hub))) for one in declared]
        name, label = at.name, at.target.label
    if as_json:
        facts = [_json(one, name) for one in found]
        say_json(facts[0] if len(facts) == 1 else facts)
    else:
        for one in found:
            _show(one, label)
    if not all(one.exists for one in found) or any(field.counts for one in found for field in one.fields):
        raise typer.Exit(EXIT_DRIFTED)


def _json(one: "Drifted", target: str) -> dict[str, Any]:
    since = {"at": one.base.at.isoformat(), "by": one.base.by} if one.base else None
    fields = [
        {
            "kind": field.kind,
            "name": field.name,
            "field": field.field,
            "direction": field.direction,
            "last": field.last,
            "live": field.live,
            "declared": field.declared,
            "by": field.by or None,
            "at": field.at.isoformat() if field.at else None,
        }
        for field in one.fields
    ]
    return {"hub": one.hub, "target": target, "exists": one.exists, "lastApply": since, "drift": fields}


def _show(one: "Drifted", label: str) -> None:
    from vsmhub.cli.output import in_one_line, say, say_facts, styled
    from vsmhub.plan.history import moment

    if not one.exists:
        say(f"{styled('--', 'warn')}  {one.hub} does not exist in Inter-Hub at {label}")
        return
    since = (
        f"since the apply by {in_one_line(one.base.by)} at {moment(one.base.at)}"
        if one.base
        else "and no apply of it is known"
    )
    moved = sum(field.counts for field in one.fields)
    if not moved:
        say(f"{styled('ok', 'good')}  {one.hub} at {label} has not drifted, {since}")
    else:
        say(f"{styled('!=', 'warn')}  {one.hub} at {label}: {moved} field{'s' * (moved > 1)} drifted, {since}")
    for field in one.fields:
        of = in_one_line(f"{field.kind} {field.name}, {field.field.replace('_', ' ')}")
        say(f"  {of}: {field.direction}", "change")
        say_facts(_sides(field), indent="    ")


def _sides(field: "Drift") -> dict[str, str]:
    """What each side has; what two sides have alike is shown once, and long texts from where they part."""
    from vsmhub.plan.drift import Direction
    from vsmhub.plan.history import moment

    last, live, declared = map(_line, (field.last, field.live, field.declared))
    known = field.direction is not Direction.UNKNOWN
    texts = {live, declared, last} if known else {live, declared}
    parting = next((place for place, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1), 0)
    by = f" (by {field.by} at {moment(field.at)})" if field.at else ""
    return {
        "last applied": _short(last, parting) if known else "not known",
        "live": ("as applied" if known and live == last else _short(live, parting)) + by,
        "declared": "as live"
        if declared == live
        else "as applied"
        if known and declared == last
        else _short(declared, parting),
    }


def _line(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.split())


def _short(line: str, parting: int) -> str:
    """At most LONG characters of a line, beginning a little before the place where it parts from others."""
    start = max(0, parting - BEFORE) if len(line) > LONG else 0
    shown = ("..." if start else "") + line[start:]
    return shown if len(shown) <= LONG else shown[: LONG - 3] + "..."

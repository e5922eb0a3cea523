"""`vsmhub drift`: what has moved since the last apply, on which side, and by whom."""

import json
from typing import TYPE_CHECKING, Any

import typer

from vsmhub.cli.options import Base, Hubs, Json, TargetName

if TYPE_CHECKING:
    from vsmhub.plan.drift import Drift
    from vsmhub.plan.drifting import Drifted

EXIT_DRIFTED = 2
LONG = 50


def drift(hubs: Hubs, target: TargetName = None, base: Base = None, as_json: Json = False) -> None:
    """Compare what was applied last, what is live, and what is declared: which field moved, on which side, by whom.

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
    from vsmhub.cli.output import say, say_table, styled
    from vsmhub.plan.history import moment

    if not one.exists:
        say(f"{styled('--', 'warn')}  {one.hub} does not exist in Inter-Hub at {label}")
        return
    since = f"since the apply by {one.base.by} at {moment(one.base.at)}" if one.base else "and no apply of it is known"
    moved = sum(field.counts for field in one.fields)
    if not moved:
        say(f"{styled('ok', 'good')}  {one.hub} at {label} has not drifted, {since}")
    else:
        say(f"{styled('!=', 'warn')}  {one.hub} at {label}: {moved} field{'s' * (moved > 1)} drifted, {since}")
    if one.fields:
        headings = ("object", "field", "who moved", "last applied", "live", "declared", "live by")
        say_table([_row(field) for field in one.fields], headings)


def _row(field: "Drift") -> tuple[str, ...]:
    from vsmhub.plan.drift import Direction
    from vsmhub.plan.history import moment

    by = f"{field.by} at {moment(field.at)}" if field.at else ""
    last = "not known" if field.direction is Direction.UNKNOWN else _short(field.last)
    sides = (last, _short(field.live), _short(field.declared))
    return (f"{field.kind} {field.name}", field.field.replace("_", " "), str(field.direction), *sides, by)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= LONG else line[: LONG - 3] + "..."

"""`vsmhub status`: what is live, against what is declared."""

from datetime import UTC, datetime

import typer

from vsmhub.cli.options import Base, Dsn, Hubs, Json, TargetName

EXIT_PENDING = 2


def status(hubs: Hubs, target: TargetName = None, base: Base = None, dsn: Dsn = None, as_json: Json = False) -> None:
    """Show hubs as they are live, and whether that is as declared.

    Exit code: 0 in sync, 2 changes pending, 1 error.

    Example: vsmhub status hubs/ops --json
    """
    from vsmhub.cli.declared import declare
    from vsmhub.cli.output import in_one_line, say, say_facts, say_json, styled
    from vsmhub.cli.showing import facts_of, key_facts, live_json
    from vsmhub.plan.bootstrap import look
    from vsmhub.plan.expiry import expiring
    from vsmhub.plan.key_changes import ELSEWHERE
    from vsmhub.plan.views import summary
    from vsmhub.targets.opening import opened

    declared = declare(hubs)
    now = datetime.now(UTC)
    with opened(target, base, dsn=dsn) as at:
        seen = {one.hub: look(one, at, only_looking=True) for one in declared}
        kept = {one.hub: key_facts(at, one, seen[one.hub].live) for one in declared}
    ending = {hub: expiring(one.live, now) for hub, one in seen.items()}
    if as_json:
        hubs_json = [
            {
                "hub": hub,
                "target": at.name,
                "exists": one.live.hub is not None,
                "inSync": one.plan.is_empty,
                "pending": [change.id for change in one.plan.steps],
                "unmanaged": [f"{thing.kind}/{thing.name}" for thing in one.plan.unmanaged],
                "unseen": list(one.plan.unseen),
                "notes": list(one.plan.notes),
                "key": kept[hub],
                "keysEnding": [
                    {"prefix": key.prefix, "name": key.name, "expiresAt": key.expires_at.isoformat(), "days": key.days}
                    for key in ending[hub]
                ],
                "live": live_json(one.live),
            }
            for hub, one in seen.items()
        ]
        say_json(hubs_json[0] if len(hubs_json) == 1 else hubs_json)
    else:
        for wanted in declared:
            hub, one = wanted.hub, seen[wanted.hub]
            if one.live.hub is None:
                say(f"{styled('--', 'warn')}  {hub} does not exist in Inter-Hub at {at.target.label}")
            else:
                mark = styled("ok", "good") if one.plan.is_empty else styled("!=", "warn")
                word = "as declared" if one.plan.is_empty else "not as declared"
                say(f"{mark}  {hub} at {at.target.label} is {word}")
                say_facts(facts_of(wanted, one, kept[hub], proven=False), indent="    ")
            if not one.plan.is_empty:
                where = " where its key is kept" if any(ELSEWHERE in note for note in one.plan.notes) else ""
                say(f"    pending     {summary(one.plan)}; vsmhub plan shows them{where}", "warn")
            for key in ending[hub]:
                when = f"{key.expires_at:%Y-%m-%d}, in {key.days} days" if key.days else "today or tomorrow"
                say(
                    f"    warning     the key {in_one_line(key.prefix)} ends {when}; vsmhub key rotate makes a new one",
                    "warn",
                )
            for note in one.plan.notes:
                say(f"    note        {in_one_line(note)}", "warn")
    if not all(one.plan.is_empty for one in seen.values()):
        raise typer.Exit(EXIT_PENDING)

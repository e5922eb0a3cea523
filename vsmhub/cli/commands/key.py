"""`vsmhub key`: a hub's key stored, rotated or revoked. No key is ever an argument, and none is ever shown."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.options import Base, Hub, Json, TargetName

if TYPE_CHECKING:
    from vsmhub.interhub.messages.access import Key
    from vsmhub.plan.desired import Desired
    from vsmhub.secrets.secret import Secret
    from vsmhub.targets.opening import Opened

app = typer.Typer(
    name="key", help="Store, rotate or revoke a hub's key. None is ever an argument or shown.", no_args_is_help=True
)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command()
def store(hub: Hub, target: TargetName = None, base: Base = None, as_json: Json = False) -> None:
    """Keep a key that was made by hand, when the target takes it.

    It is read from standard input, tried, then stored. A key that the target refuses, or that does not open what the
    hub needs, is not kept: what was kept before stays.

    Example: vsmhub key store hubs/ops --target production < key.txt
    """
    from vsmhub.cli.declared import declare
    from vsmhub.cli.handing_over import called
    from vsmhub.cli.output import say, say_facts, say_json, styled
    from vsmhub.targets.keeping import keep_proven
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    (declared,) = declare([hub])
    secret = _typed()
    with opened(target, base) as at, turn(at.paths, at.target.name, declared.hub):
        kept = at.key_of(declared.hub)
        before = kept.prefix()
        token = keep_proven(secret, kept, declared, at.operator)
        where = kept.describe()
    if as_json:
        say_json(
            {
                "hub": declared.hub,
                "target": at.name,
                "kept": where,
                "proven": True,
                "scopes": token.scopes,
                "keptBefore": before,
            }
        )
        return
    say(f"{styled('ok', 'good')}  the key of {declared.hub} at {at.target.label} is stored, and it works")
    facts = {"kept in": where, "opens": ", ".join(token.scopes)}
    name = called([declared], [hub], target, base)[declared.hub]
    if before is not None and not secret.reveal().startswith(before):
        facts["before"] = f"{before}, which nobody has revoked: vsmhub key revoke {name} --prefix {before}"
    say_facts(facts, indent="    ")
    say(f"    vsmhub apply {name} --continue goes on from here", "dim")


@app.command()
def rotate(hub: Hub, target: TargetName = None, base: Base = None, yes: Yes = False, as_json: Json = False) -> None:
    """Make a new key, prove it, and only then revoke the old one.

    Killed at any moment, it is finished by the next run; there is never a usable key that nobody holds.

    Example: vsmhub key rotate hubs/ops --yes
    """
    from vsmhub.cli.asking import agree
    from vsmhub.cli.declared import declare
    from vsmhub.cli.output import say, say_facts, say_json, styled
    from vsmhub.cli.showing import show_plan
    from vsmhub.plan.model import Action
    from vsmhub.plan.rotation import finishes, rotate, rotation
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    (declared,) = declare([hub])
    with opened(target, base) as at, turn(at.paths, at.target.name, declared.hub):
        plan = rotation(declared, at)
        finishing = finishes(plan)
        if not as_json:
            if finishing:
                say("An earlier rotation was cut short; this is what is left of it.", "warn")
            show_plan(plan)
        agree(f"Rotate the key of {declared.hub}?", yes=yes, quiet=as_json)
        rotate(declared, at, plan, lambda _: None)
        kept = at.key_of(declared.hub)
        done = [change.id for change in plan.changes]
        where = kept.describe()
        prefix = kept.prefix()
    if as_json:
        facts = {"hub": declared.hub, "target": at.name, "changed": done, "finished": finishing}
        say_json({**facts, "kept": where, "prefix": prefix})
        return
    revoked = sum(change.action is Action.REVOKE for change in plan.changes)
    ended = {0: "", 1: ", and the old one opens nothing"}.get(revoked, ", and the old ones open nothing")
    say(f"{styled('ok', 'good')}  {declared.hub} at {at.target.label} has a new key{ended}")
    say_facts({"key": prefix or "", "kept in": where}, indent="    ")


@app.command()
def revoke(
    hub: Hub,
    prefix: Annotated[
        str | None,
        typer.Option("--prefix", metavar="PREFIX", help="Another key than the one held: by its public beginning."),
    ] = None,
    target: TargetName = None,
    base: Base = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """End a key for good.

    The one that is held here, or with --prefix another. It shows what the key is and asks. A revoked key cannot come
    back; `vsmhub apply` makes another.

    Example: vsmhub key revoke hubs/ops
    """
    from vsmhub.cli.asking import agree
    from vsmhub.cli.declared import declare
    from vsmhub.cli.output import say, say_facts, say_json, styled
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    (declared,) = declare([hub])
    with opened(target, base) as at, turn(at.paths, at.target.name, declared.hub):
        key = _chosen(declared, at, prefix)
        kept = at.key_of(declared.hub)
        is_held = kept.prefix() == key.prefix
        facts = _facts(key) | ({"kept in": kept.describe()} if is_held else {})
        if not as_json:
            say(f"The key {key.prefix} of {declared.hub} at {at.target.label}:")
            say_facts(facts)
        agree("Revoke it? It cannot come back.", yes=yes, quiet=as_json)
        at.operator.revoke_key(key.id)
        # Only now: a run that is killed in between leaves a key that is known to open nothing.
        forgotten = is_held and kept.forget()
    if as_json:
        say_json({"hub": declared.hub, "target": at.name, "revoked": key.prefix, "forgotten": forgotten})
        return
    said = " and is no longer kept here" if forgotten else ""
    say(f"{styled('ok', 'good')}  {key.prefix} opens nothing any more{said}")


def _typed() -> "Secret":
    """The key on standard input, without what surrounds it; not shown while it is typed."""
    import getpass

    from vsmhub.errors import UsageError
    from vsmhub.secrets.secret import LONGEST, Secret
    from vsmhub.targets.secrecy import learn

    text = getpass.getpass("Key (it is not shown): ") if sys.stdin.isatty() else sys.stdin.read(2 * LONGEST)
    if not text.strip():
        raise UsageError("no key came on standard input", hint="vsmhub key store HUB < file, or paste it when asked")
    secret = Secret(text.strip())
    learn(secret)
    return secret


def _chosen(declared: "Desired", at: "Opened", prefix: str | None) -> "Key":
    """The key that is meant; PlanError when there is none, or none that can still be used."""
    from vsmhub.interhub.surface.operations import Operation
    from vsmhub.plan.errors import PlanError
    from vsmhub.plan.live import usable
    from vsmhub.plan.reading import read
    from vsmhub.plan.rotation import demand_keys_by_api

    demand_keys_by_api(declared, at, Operation.KEYS_REVOKE)
    live = read(at.operator, declared)
    good = [key for key in live.keys if usable(key)]
    known = f"usable keys: {', '.join(f'{key.prefix} ({key.name})' for key in good) or 'none'}"
    wanted = prefix or at.key_of(declared.hub).prefix()
    if not wanted:
        raise PlanError(
            f"no key of {declared.hub} at {at.name} is held here; {known}",
            hint="name one with --prefix" if good else "",
        )
    found = next((key for key in live.keys if key.prefix == wanted), None)
    if found is None:
        raise PlanError(f"{declared.hub} has no key {wanted} at {at.name}; {known}")
    if not usable(found):
        raise PlanError(f"the key {wanted} opens nothing already; {known}")
    return found


def _facts(key: "Key") -> dict[str, str]:
    def day(moment: object, otherwise: str) -> str:
        return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else otherwise

    return {
        "name": key.name,
        "scopes": ", ".join(key.scopes),
        "made": day(key.created_at, ""),
        "last used": day(key.last_used_at, "never"),
        "good until": day(key.expires_at, "it is revoked"),
    }

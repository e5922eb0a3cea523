"""`vsmhub plan`: what an apply would change, made anew or from a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from vsmhub.cli.exactly import Where, saved_plan_in
from vsmhub.cli.options import Adopt, Base, Dsn, Every, HubsOrFile, Json, Prune, SqlFile, TargetName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vsmhub.plan.asked import Asked
    from vsmhub.plan.model import Plan

Form: TypeAlias = Literal["text", "json", "markdown"]

EXIT_PENDING = 2


def plan(
    hubs: HubsOrFile,
    target: TargetName = None,
    base: Base = None,
    form: Annotated[Form, typer.Option("--format", "-f", help="How the plan is shown.")] = "text",
    as_json: Json = False,
    every: Every = False,
    replace_key: Annotated[bool, typer.Option("--replace-key", help="Plan a new key; revoke the old one.")] = False,
    prune: Prune = False,
    adopt: Adopt = False,
    dsn: Dsn = None,
    sql_file: SqlFile = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write the plan to this file, for vsmhub apply FILE.")
    ] = None,
) -> None:
    """Show what would change, and change nothing.

    With --out the plan can be reviewed as a file, and `vsmhub apply FILE` does exactly what it says; `vsmhub plan FILE`
    shows it again, and asks no target. Exit code: 0 in sync, 2 changes pending, 1 error.

    Example: vsmhub plan hubs/ops --out plan.json
    """
    from vsmhub.plan.asked import Asked

    form, asked = "json" if as_json else form, Asked(replace_key=replace_key, prune=prune, adopt=adopt)
    if (file := saved_plan_in(hubs)) is not None:
        given = {"--target": target, "--base": base, "--dsn": dsn, "--sql-file": sql_file, "--out": out}
        _goes_alone(file, [*asked.options(), *(name for name, value in given.items() if value is not None)])
        plans = _saved(file, told=form == "text")
    else:
        plans = _made(hubs, Where(target, base, dsn, sql_file), asked, out)
    _show(plans, form, every=every)
    if not all(one.is_empty for one in plans):
        raise typer.Exit(EXIT_PENDING)


def _goes_alone(file: Path, given: "Sequence[str]") -> None:
    from vsmhub.errors import UsageError

    if given:
        message = f"{file} already says what is done: {', '.join(given)} does not go with it"
        raise UsageError(message, hint="vsmhub plan FILE shows it, vsmhub apply FILE carries it out")


def _saved(file: Path, *, told: bool) -> "list[Plan]":
    """The plans of a file, with who made them; FileError or PlanError for one that is not as it was made."""
    from vsmhub.cli.output import say
    from vsmhub.plan.saved import made, read_saved

    saved = read_saved(file)
    if told:
        say(f"{file}, {made(saved)}", "dim")
    return [one.plan for one in saved.plans]


def _made(hubs: list[Path], where: Where, asked: "Asked", out: Path | None) -> "list[Plan]":
    """The plans of hubs, from what is live now, and the files that were asked for with them."""
    from vsmhub.cli.declared import declare
    from vsmhub.cli.exactly import save
    from vsmhub.cli.handing_over import has_sql, write_script
    from vsmhub.cli.journaling import journals_at
    from vsmhub.plan.planning import planned
    from vsmhub.targets.opening import opened

    declared = declare(hubs)
    with opened(where.target, where.base, dsn=where.dsn, script=where.script) as at:
        plans = [planned(one, at, asked, journals_at(at, one.hub)).plan for one in declared]
        if out is not None:
            save(out, zip(plans, declared, strict=True), at, asked)
    if where.script is not None:
        write_script([one for one, its in zip(declared, plans, strict=True) if has_sql(its)], where.script)
    return plans


def _show(plans: "Sequence[Plan]", form: Form, *, every: bool) -> None:
    from vsmhub.cli.output import say_json, shown
    from vsmhub.cli.showing import show_plan
    from vsmhub.plan.views import markdown, plan_json

    facts = [plan_json(one) for one in plans]
    match form:
        case "json":
            say_json(facts[0] if len(facts) == 1 else facts)
        case "markdown":
            typer.echo(shown("\n".join(markdown(one) for one in facts)), nl=False)
        case "text":
            for one in plans:
                show_plan(one, every=every)

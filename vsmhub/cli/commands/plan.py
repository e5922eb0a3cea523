"""`vsmhub plan`: what an apply would change."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from vsmhub.cli.options import Adopt, Base, Dsn, Every, Hubs, Json, Prune, SqlFile, TargetName

EXIT_PENDING = 2


def plan(
    hubs: Hubs,
    target: TargetName = None,
    base: Base = None,
    form: Annotated[
        Literal["text", "json", "markdown"], typer.Option("--format", "-f", help="How the plan is shown.")
    ] = "text",
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

    With --out the plan can be reviewed as a file, and `vsmhub apply FILE` does exactly what it says. Exit code: 0 in
    sync, 2 changes pending, 1 error.

    Example: vsmhub plan hubs/ops --out plan.json
    """
    from vsmhub.cli.declared import declare
    from vsmhub.cli.exactly import save
    from vsmhub.cli.handing_over import has_sql, write_script
    from vsmhub.cli.journaling import journals_at
    from vsmhub.cli.output import say_json
    from vsmhub.cli.showing import show_plan
    from vsmhub.plan.asked import Asked
    from vsmhub.plan.planning import planned
    from vsmhub.plan.views import markdown, plan_json
    from vsmhub.targets.opening import opened

    declared, asked = declare(hubs), Asked(replace_key=replace_key, prune=prune, adopt=adopt)
    with opened(target, base, dsn=dsn, script=sql_file) as at:
        plans = [planned(one, at, asked, journals_at(at, one.hub)).plan for one in declared]
        if out is not None:
            save(out, zip(plans, declared, strict=True), at, asked)
    if sql_file is not None:
        write_script([one for one, its in zip(declared, plans, strict=True) if has_sql(its)], sql_file)
    facts = [plan_json(one) for one in plans]
    if as_json or form == "json":
        say_json(facts[0] if len(facts) == 1 else facts)
    elif form == "markdown":
        typer.echo("\n".join(markdown(one) for one in facts), nl=False)
    else:
        for one in plans:
            show_plan(one, every=every)
    if not all(one.is_empty for one in plans):
        raise typer.Exit(EXIT_PENDING)

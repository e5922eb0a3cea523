"""`vsmhub runbook`: a hub's bootstrap by hand, in Inter-Hub's pages."""

from pathlib import Path
from typing import Annotated

import typer

from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import Hub, Out, TargetName

EXIT_PENDING = 2


def runbook(
    hub: Hub,
    target: TargetName = None,
    base: Annotated[str | None, typer.Option("--base", metavar="URL", help="Base URL of an Inter-Hub.")] = None,
    out: Out = None,
) -> None:
    """Print how a person registers a hub in Inter-Hub's pages.

    With every value to type, and a check for each step. With --target or --base (IHUB_BASE is not asked), only what is
    left to do by hand there; exit code 2 while something is.

    Example: vsmhub runbook hubs/ops --out RUNBOOK.md
    """
    from vsmhub.cli.fallbacks import deliver
    from vsmhub.render.runbook import runbook as page
    from vsmhub.vocabulary.checking import load_checked

    if target is not None or base is not None:
        text, is_done = _left(hub, target, base)
        deliver(text, out)
        if not is_done:
            raise typer.Exit(EXIT_PENDING)
        return
    (folder,) = load_checked([folder_of(hub)])
    deliver(page(folder.declared()), out)


def _left(hub: Path, target: str | None, base: str | None) -> tuple[str, bool]:
    """What a person still has to do at a target, and whether that is nothing."""
    from vsmhub.cli.declared import declare
    from vsmhub.cli.handing_over import called
    from vsmhub.plan.bootstrap import look
    from vsmhub.plan.model import Route
    from vsmhub.plan.routes.runbook import todo, todo_lines
    from vsmhub.targets.opening import opened

    (declared,) = declare([hub])
    with opened(target, base) as at:
        plan = look(declared, at).plan
        pages = at.operator.url.removesuffix("/api/v2")
    name = called([declared], [hub], target, base)[declared.hub]
    todos = [todo(change, declared, name) for change in plan.steps if change.route is Route.RUNBOOK]
    if not todos:
        return f"{declared.hub} at {at.target.label}: nothing is left to do by hand\n", True
    lines = [f"{declared.hub} at {at.target.label}, in Inter-Hub's pages at {pages}:"]
    for number, one in enumerate(todos, start=1):
        lines += ["", *todo_lines(one, number)]
    return "\n".join([*lines, "", f"Then: vsmhub apply {name} --continue", ""]), False

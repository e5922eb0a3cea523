"""`vsmhub new`: the scaffold of the next hub."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.options import Json

if TYPE_CHECKING:
    from vsmhub.render.questions import Question
    from vsmhub.render.scaffold import Scaffold

# How each answer is given on the command line.
OPTIONS = {
    "slug": "SLUG",
    "prefix": "--prefix",
    "hub_name": "--name",
    "vsm_function": "--function",
    "domain": "--domain",
    "purpose": "--purpose",
    "schema": "--schema",
    "workplan_prefix": "--workplan-prefix",
}

_EXAMPLE = "for example syn-hub"


def new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Slug of the hub, such as syn-hub.", show_default=False)],
    function: Annotated[
        str, typer.Option("--function", help="OPS, SYN, CTL, AUD, INT, POL or ENV; follows from the known slugs.")
    ] = "",
    prefix: Annotated[str, typer.Option("--prefix", help="Begins each name of the vocabulary.")] = "",
    name: Annotated[str, typer.Option("--name", help="Name for people.")] = "",
    domain: Annotated[str, typer.Option("--domain", help="DNS domain the hub speaks for.")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="What the hub answers for, in one line.")] = "",
    schema: Annotated[str, typer.Option("--schema", help="Where editors find the schema, from the hub's folder.")] = "",
    workplan_prefix: Annotated[
        str, typer.Option("--workplan-prefix", help="Begins the ids of workplans; with --standalone.")
    ] = "",
    standalone: Annotated[
        bool, typer.Option("--standalone", help="A repository of its own, not a folder in a constellation.")
    ] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="The folder to make.", show_default="hubs/PREFIX, or SLUG")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Scaffold the next hub: a folder, or a repository of its own.

    A folder in a constellation, or with --standalone a repository. It asks only for what does not follow from the slug.
    What it will write is shown first.

    Example: vsmhub new syn-hub
    """
    from vsmhub.cli.output import say, say_json
    from vsmhub.errors import UsageError
    from vsmhub.render.destination import place, refuse_taken
    from vsmhub.render.errors import BadAnswer
    from vsmhub.render.questions import answers
    from vsmhub.render.scaffold import scaffold
    from vsmhub.render.surroundings import fitted, home
    from vsmhub.render.template import Form, load_template
    from vsmhub.render.tree import Owner, outline

    whose = {
        Owner.USER: "yours",
        Owner.SCAFFOLD: "yours; updates are merged into it",
        Owner.GENERATED: "written again by updates",
    }
    asking = not (yes or as_json or dry_run) and sys.stdin.isatty() and sys.stdout.isatty()
    form = Form.STANDALONE if standalone else Form.HUB
    here = Path.cwd()
    template = load_template(form)
    told = (slug, prefix, name, function.upper(), domain, purpose, schema, workplan_prefix)
    given = {question: answer for question, answer in zip(OPTIONS, told, strict=True) if answer}
    if workplan_prefix and not standalone:
        raise UsageError(
            "--workplan-prefix goes with --standalone", hint="a folder in a constellation has no workplans"
        )
    if not slug:
        raise BadAnswer("the slug is empty", question="slug", hint=_EXAMPLE)
    try:
        known = answers(fitted(template.questions, form, here, into), given, slug, _ask if asking else None)
    except BadAnswer as error:
        raise BadAnswer(error.message, question=error.question, hint=_better(error.question, slug)) from error
    destination = into or home(form, known, here)
    refuse_taken(destination)
    made = scaffold(template, known)
    _prove(made)
    tree = made.complete()
    if as_json:
        files = [{"path": path, "owner": file.owner.value} for path, file in tree.items()]
        facts = {"destination": str(destination), "answers": known, "files": files, "written": not dry_run}
    else:
        say(f"{destination}/", "bold")
        for line in outline({path: whose[file.owner] for path, file in tree.items()}):
            say(line)
    if asking and not typer.confirm(f"Write these {len(tree)} files?", default=True):
        say("Nothing was written.")
        raise typer.Exit(1)
    if not dry_run:
        place(tree, destination)
    if as_json:
        say_json(facts)
    else:
        say()
        say("Nothing was written." if dry_run else f"{known['slug']} is described in {destination / 'hub.yaml'}. Next:")
        if not dry_run:
            # `./` where a folder could be taken for the name of a hub below hubs/.
            folder = f"./{destination}" if len(destination.parts) == 1 else destination
            say(f"  vsmhub generate {folder} && vsmhub apply {folder}", "bold")


def _better(question: str, slug: str) -> str:
    """How to give a better answer."""
    from vsmhub.spec.references import FUNCTION_OF

    if question == "slug":
        return _EXAMPLE
    known = question == "prefix" and f"{slug}-hub" in FUNCTION_OF
    return f"say {slug}-hub, or give another with --prefix" if known else f"give it with {OPTIONS[question]}"


def _prove(made: "Scaffold") -> None:
    """A hub that cannot be loaded is not written; this fails when a template is broken or too old for the model."""
    from vsmhub.render.errors import TemplateBroken
    from vsmhub.spec.errors import SpecError
    from vsmhub.spec.file_names import HUB_FILE
    from vsmhub.spec.load import parse_hub

    spec, template = made.tree.get(HUB_FILE), made.template.form
    if spec is None:
        raise TemplateBroken(f"the template {template} makes no {HUB_FILE}")
    try:
        parse_hub(spec.content.decode())
    except SpecError as error:
        raise TemplateBroken(
            f"the {HUB_FILE} that the template {template} makes is no good:\n{error.message}"
        ) from error


def _ask(question: "Question", problem: str) -> str:
    from vsmhub.cli.output import complain, say

    if problem:
        complain(problem)
    for choice, meaning in question.choices.items():
        say(f"  {choice}  {meaning.removeprefix(f'{choice}, ')}")
    answer = str(typer.prompt(question.help))
    return next((choice for choice in question.choices if choice.casefold() == answer.casefold()), answer)

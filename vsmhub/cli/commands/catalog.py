"""`vsmhub catalog`: questions about what runs where, answered from the inventory and the evidence about it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vsmhub.cli.completion import Offers, entries, fitting
from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import Base, Hub, Json, TargetName
from vsmhub.cli.records import AsOf, EvidenceFile
from vsmhub.errors import UsageError, VsmhubError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vsmhub.evidence.answers import Answer
    from vsmhub.evidence.catalog import Catalog
    from vsmhub.evidence.envelope import Envelope
    from vsmhub.evidence.proof import Proofs

Format = Literal["text", "json", "csv", "markdown"]

# What may be asked, whether it must name something, and what it tells.
QUESTIONS: Mapping[str, tuple[bool, str]] = {
    "on": (True, "what runs on a host, a cluster or in an environment"),
    "where": (False, "where it runs"),
    "owner": (False, "who owns it"),
    "reach": (False, "how it is reached"),
    "depends": (True, "what depends on it, also through others"),
    "about": (True, "every fact about it, with its source and date"),
    "proof": (False, "what proves it healthy, and how old that is"),
    "gaps": (False, "what is missing: owners, checks, backups, restore tests"),
}
FROM_EVIDENCE = ("overview", "proof", "gaps")


def _offered(ctx: typer.Context, incomplete: str) -> Offers:
    if ctx.params.get("query"):
        return entries(ctx, incomplete)
    return fitting(((name, what) for name, (_, what) in QUESTIONS.items()), incomplete)


def catalog(
    hub: Hub,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUESTION [NAME]",
            help=f"{', '.join(QUESTIONS)}; none: all services.",
            show_default=False,
            autocompletion=_offered,
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="How it is shown.")] = "text",
    as_json: Json = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask the inventory alone; read no evidence.")] = False,
    evidence: EvidenceFile = None,
    as_of: AsOf = None,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="With gaps: remark each at Inter-Hub, through the outbox.")
    ] = False,
    emit: Annotated[
        bool, typer.Option("--emit", help="With gaps: tell Inter-Hub how complete the catalog is, for gates.")
    ] = False,
    target: TargetName = None,
    base: Base = None,
) -> None:
    """Ask what runs where, whose it is, and what proves it healthy.

    Questions: on NAME, where [NAME], owner [NAME], reach [NAME], depends NAME, about NAME, proof [NAME], gaps [NAME].
    A name is a key (gitea), a kind and key (host/coulombcore), a widget or a display name. Only the list of services,
    proof and gaps read evidence from the target.

    Example: vsmhub catalog hubs/ops on coulombcore --format markdown
    """
    from vsmhub.evidence.catalog import Catalog
    from vsmhub.evidence.gaps import gap_annotations, gap_evidence, gaps
    from vsmhub.spec.folder import load_folder

    question, name = _asked(query or [])
    if (annotate or emit) and (question != "gaps" or offline or as_of or evidence):
        raise UsageError("--annotate and --emit go with gaps, as they are now", hint="vsmhub catalog HUB gaps --emit")
    if offline and (question == "proof" or evidence):
        raise UsageError("--offline reads no evidence, and that is what was asked for", hint="leave it out")
    asked = Catalog(load_folder(folder_of(hub)))
    proofs = (
        None if offline or question not in FROM_EVIDENCE else _proofs(asked, question, target, base, evidence, as_of)
    )
    _show(_answer(asked, question, name, proofs), "json" if as_json else form)
    if proofs is not None and (annotate or emit):
        every = gaps(asked, proofs)
        told = list(gap_annotations(asked, every)) if annotate else []
        told += [one for one in [gap_evidence(asked, every, proofs)] if emit and one is not None]
        _tell(told, target, base)


def _asked(query: "Sequence[str]") -> tuple[str, str | None]:
    """The question and the name in it; UsageError for what is no question."""
    from vsmhub.spec.near import did_you_mean

    if not query:
        return "overview", None
    question, name = query[0], " ".join(query[1:]) or None
    if question not in QUESTIONS:
        known = f"questions are {', '.join(QUESTIONS)}; such as about {question}"
        raise UsageError(f"{question} is no question", hint=did_you_mean(question, QUESTIONS) or known)
    if QUESTIONS[question][0] and name is None:
        raise UsageError(
            f"{question} needs a name: {QUESTIONS[question][1]}", hint=f"vsmhub catalog HUB {question} NAME"
        )
    return question, name


def _proofs(
    asked: "Catalog", question: str, target: str | None, base: str | None, evidence: Path | None, as_of: str | None
) -> "Proofs | None":
    """The evidence. The list of services does without where the target cannot be reached, and says so."""
    from vsmhub.cli.output import tell
    from vsmhub.cli.records import moment, records_of
    from vsmhub.evidence.proof import Proofs

    when = moment(as_of)
    try:
        return Proofs(asked, records_of(asked.folder, target, base, evidence, when), when)
    except UsageError:
        raise
    except VsmhubError as error:
        if question != "overview" or evidence is not None:
            hint = error.hint or "--offline asks the inventory alone"
            raise type(error)(error.message, hint=hint) from error
        tell(f"evidence could not be read: {error.message}", "warn")
        return None


def _answer(asked: "Catalog", question: str, name: str | None, proofs: "Proofs | None") -> "Answer":
    from vsmhub.cli.records import moment
    from vsmhub.evidence import catalog_queries as queries
    from vsmhub.evidence.gaps import gap_answer, gaps
    from vsmhub.evidence.overview import overview
    from vsmhub.evidence.proof import Proofs, proof
    from vsmhub.spec.inventory.entry import EntryKind

    match question:
        case "overview":
            return overview(asked, proofs)
        case "proof":
            return proof(asked, name, proofs or Proofs(asked, (), moment(None)))
        case "gaps":
            refs = asked.find(name, (EntryKind.SERVICE,)) if name else None
            return gap_answer(gaps(asked, proofs, refs), with_evidence=proofs is not None)
        case "where":
            return queries.where(asked, name)
        case "owner":
            return queries.owners(asked, name)
        case "reach":
            return queries.reach(asked, name)
        case "on":
            return queries.runs_on(asked, name or "")
        case "depends":
            return queries.depends(asked, name or "")
        case _:
            return queries.about(asked, name or "")


def _show(answer: "Answer", form: Format) -> None:
    from vsmhub.cli.output import say_json, shown
    from vsmhub.evidence.answers import csv_text, markdown

    match form:
        case "json":
            say_json(answer.document())
        case "csv":
            # Its line ends are its own (RFC 4180), also where a terminal's would be others.
            sys.stdout.write(csv_text(answer))
        case "markdown":
            sys.stdout.write(shown(markdown(answer)))
        case "text":
            _show_text(answer)


def _show_text(answer: "Answer") -> None:
    """A table, or on a terminal that is too narrow for it one block for each row."""
    import shutil

    from vsmhub.cli.output import say, say_facts, say_table, tell
    from vsmhub.evidence.answers import text

    say(answer.question, "bold")
    columns = [name for name in answer.columns if any(row.get(name) is not None for row in answer.rows)]
    rows = [[text(row.get(name)) for name in columns] for row in answer.rows]
    headings = [name.replace("_", " ").upper() for name in columns]
    width = sum(max(map(len, cells)) + 2 for cells in zip(headings, *rows, strict=True))
    if not rows:
        say("nothing")
    elif not sys.stdout.isatty() or width <= shutil.get_terminal_size().columns:
        say_table(rows, headings)
    else:
        for row in rows:
            say()
            say(row[0], "bold")
            say_facts(
                {heading.lower(): cell for heading, cell in zip(headings[1:], row[1:], strict=True) if cell != "-"}
            )
    for note in answer.notes:
        tell(note)


def _tell(envelopes: "Sequence[Envelope]", target: str | None, base: str | None) -> None:
    """Keep what there is to tell, and hand it on; what came of it goes to standard error."""
    from vsmhub.cli.handing import keep_and_hand_on
    from vsmhub.cli.output import tell

    if not envelopes:
        tell("there is nothing to tell, or the hub has no types to tell it by")
        return
    new, report = keep_and_hand_on(envelopes, target, base)
    came = f"{report.delivered} delivered, {report.refused} refused, {report.waiting} waiting"
    tell(f"{new} new of {len(envelopes)}: {came}")
    if report.stopped:
        tell(report.stopped, "warn")

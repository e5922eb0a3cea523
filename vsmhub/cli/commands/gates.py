"""`vsmhub gates`: what the readiness gates come to, and whether a wave may go."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import Base, Hub, Json, TargetName
from vsmhub.cli.records import AsOf, EvidenceFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vsmhub.evidence.envelope import Envelope
    from vsmhub.spec.folder import HubFolder
    from vsmhub.spec.gates.document import Gates

EXIT_WAIT = 2


def gates(
    hub: Hub,
    wave: Annotated[str | None, typer.Option("--wave", help="Ask about this migration wave alone.")] = None,
    as_of: AsOf = None,
    evidence: EvidenceFile = None,
    form: Annotated[
        Literal["text", "json", "markdown"], typer.Option("--format", "-f", help="How it is shown.")
    ] = "text",
    as_json: Json = False,
    every: Annotated[
        bool,
        typer.Option(
            "--every", help="Show the conditions of all gates; of those that do not pass, why and what to do."
        ),
    ] = False,
    emit: Annotated[
        bool, typer.Option("--emit", help="Tell Inter-Hub what changed since it was told last, through the outbox.")
    ] = False,
    target: TargetName = None,
    base: Base = None,
) -> int:
    """Show what readiness gates come to, and whether the wave may go.

    It follows from the evidence there is. Nothing counts as met that is missing, failed, or too old. Exit code: 0 the
    wave may go, 2 not yet, 1 error.

    Example: vsmhub gates hubs/ops --as-of 2026-06-14 --json
    """
    from vsmhub.cli.output import in_one_line, say, say_json, shown
    from vsmhub.cli.records import moment, records_of
    from vsmhub.errors import UsageError
    from vsmhub.evidence.gate_events import gate_changes
    from vsmhub.evidence.gate_views import gate_facts, gate_lines, gate_markdown
    from vsmhub.evidence.gates import evaluate, verdict
    from vsmhub.spec.folder import load_folder

    if emit and (as_of or evidence):
        raise UsageError("--emit tells what is so now, from the target's own evidence", hint="leave out the other")
    folder = load_folder(folder_of(hub))
    when = moment(as_of)
    declared, waves = _asked(folder, wave)
    records = records_of(folder, target, base, evidence, when)
    results = evaluate(declared, records, when)
    verdicts = [verdict(one, results) for one in waves]
    own = [one for one in results if set(one.gate.waves) & set(waves)]
    facts = gate_facts(folder.hub.hub.slug, own, verdicts, when)
    if as_json or form == "json":
        say_json(facts)
    elif form == "markdown":
        typer.echo(shown(gate_markdown(facts)), nl=False)
    else:
        for line in gate_lines(facts, every=every):
            say(in_one_line(line.text), None if line.tone == "plain" else line.tone)
    if emit:
        _tell(
            gate_changes(folder, results, [verdict(one, results) for one in _all_waves(declared)], records, when),
            target,
            base,
        )
    return 0 if all(one.go for one in verdicts) else EXIT_WAIT


def _asked(folder: "HubFolder", wave: str | None) -> "tuple[Gates, list[str]]":
    """The hub's gates and the waves that are asked about; an error where there is none."""
    from vsmhub.errors import UsageError, VsmhubError
    from vsmhub.spec.near import did_you_mean

    found = folder.gates
    if found is None or not found.gates:
        raise VsmhubError(f"{folder.hub.hub.slug} has no gates", hint=f"write them into {folder.path}/gates.yaml")
    known = _all_waves(found)
    if wave is not None and wave not in known:
        hint = did_you_mean(wave, known) or f"known are {', '.join(known)}"
        raise UsageError(f"no gate is about a wave {wave}", hint=hint)
    return found, [wave] if wave is not None else known


def _all_waves(gates: "Gates") -> list[str]:
    return list(dict.fromkeys(name for gate in gates.gates.values() for name in gate.waves))


def _tell(changes: "Sequence[Envelope]", target: str | None, base: str | None) -> None:
    """Keep what there is to tell and hand it on; what came of it goes to standard error."""
    from vsmhub.cli.handing import keep_and_hand_on
    from vsmhub.cli.output import tell

    if not changes:
        tell("nothing changed since it was told last")
        return
    _, report = keep_and_hand_on(changes, target, base)
    for one in changes:
        shown = one.data.get("metadata")
        tell(
            f"{one.type} about {one.subject}: {shown.get('shown', '') if isinstance(shown, dict) else ''}".rstrip(": ")
        )
    tell(f"{report.delivered} delivered, {report.refused} refused, {report.waiting} waiting {report.stopped}".strip())

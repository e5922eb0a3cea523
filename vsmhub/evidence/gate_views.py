"""What gates come to, as facts for programs; as lines for a terminal and as Markdown, both made from the facts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from vsmhub.evidence.answers import table_line
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.gates import GateResult, Result, Verdict

Tone = Literal["plain", "bold", "dim", "good", "bad", "warn"]
Facts = dict[str, Any]
_TONES: Mapping[str, Tone] = {"pass": "good", "fail": "bad"}


class Line(NamedTuple):
    """One line of text and how it should look."""

    text: str
    tone: Tone = "plain"


def gate_facts(hub: str, results: Sequence[GateResult], verdicts: Sequence[Verdict], as_of: datetime) -> Facts:
    """All there is to tell, as JSON."""
    return {
        "hub": hub,
        "asOf": rfc3339(as_of),
        "waves": [
            {
                "wave": one.wave,
                "go": one.go,
                "blockers": [blocker.key for blocker in one.blockers],
                "gates": [gate.key for gate in one.gates],
            }
            for one in verdicts
        ],
        "gates": [_gate(one) for one in results],
    }


def _gate(one: GateResult) -> Facts:
    gate = one.gate
    return {
        "gate": one.key,
        "name": gate.name,
        "owner": gate.owner,
        "ownerIs": gate.owner_is,
        "enforcement": gate.enforcement,
        "requirement": gate.requirement,
        "why": gate.why,
        "fix": gate.fix.strip(),
        "status": one.status.value,
        "shown": one.shown,
        "letsGo": one.lets_go,
        "setAside": one.set_aside.model_dump(mode="json") if one.set_aside else None,
        **_result(one.result),
    }


def _result(one: Result) -> Facts:
    return {
        "reason": one.reason,
        "evidenceIds": list(one.evidence),
        "validUntil": rfc3339(one.until) if one.until else None,
        "conditions": [{"status": part.status.value, "shows": part.shows, **_result(part)} for part in one.parts],
    }


def gate_lines(facts: Facts, *, every: bool = False) -> Iterator[Line]:
    """For a terminal. What is met is told in one line, unless `every` is asked for; evidence ids stand in brackets."""
    gates = {one["gate"]: one for one in facts["gates"]}
    for wave in facts["waves"]:
        may = [gates[key] for key in wave["gates"] if gates[key]["letsGo"]]
        word = "may go" if wave["go"] else "may not go"
        count = f"{len(may)} of {len(wave['gates'])} gates let it"
        yield Line(f"{wave['wave']} {word}: {count}, as of {facts['asOf']}", "good" if wave["go"] else "bad")
        yield Line("")
    width = max((len(one["shown"]) for one in facts["gates"]), default=0)
    for one in facts["gates"]:
        advisory = ", advisory" if one["enforcement"] == "advisory" else ""
        tone = _TONES.get(one["status"], "warn")
        yield Line(f"{one['shown'].ljust(width)}  {one['name']} ({one['gate']}, {one['owner']}{advisory})", tone)
        if one["setAside"]:
            aside = one["setAside"]
            said = f"{aside['reason']}; asked by {aside['requested_by']}, approved by {aside['approved_by']}"
            yield Line(f"{'':{width}}  until {aside['expires']}: {said}", "warn")
        if one["status"] != "pass" or every:
            yield from _parts(one, " " * (width + 2))
        elif one["validUntil"]:
            yield Line(f"{'':{width}}  until {one['validUntil']} if nothing changes", "dim")
        if one["status"] != "pass" and every:
            yield from (
                Line(f"{'':{width}}  {text}", "dim") for text in (f"why: {one['why']}", *one["fix"].splitlines())
            )


def _parts(one: Facts, indent: str) -> Iterator[Line]:
    if not one["conditions"]:
        yield Line(f"{indent}{one['reason']}{_ids(one)}", "dim")
    for part in one["conditions"]:
        said = f"{indent}{part['status'].ljust(7)}  {part['shows']}"
        if part["conditions"]:
            yield Line(said, _TONES.get(part["status"], "warn"))
            yield from _parts(part, indent + "         ")
        else:
            yield Line(f"{said}: {part['reason']}{_ids(part)}", "plain" if part["status"] == "fail" else "dim")


def _ids(one: Facts) -> str:
    return f" [{', '.join(one['evidenceIds'])}]" if one["evidenceIds"] else ""


def gate_markdown(facts: Facts) -> str:
    """For a page: the verdicts, a table of the gates, and what each still needs."""
    lines = [f"# Gates of {facts['hub']}", "", f"As of {facts['asOf']}.", ""]
    for wave in facts["waves"]:
        blockers = ", ".join(f"`{key}`" for key in wave["blockers"])
        lines.append(
            f"**{wave['wave']} {'may' if wave['go'] else 'may not'} go.**"
            + (f" It waits for {blockers}." if blockers else "")
        )
    lines += ["", "| gate | status | owner | reason | evidence | until |", "|---|---|---|---|---|---|"]
    for one in facts["gates"]:
        ids = ", ".join(f"`{id_}`" for id_ in one["evidenceIds"])
        cells = (one["name"], one["shown"], one["owner"], one["reason"], ids or "-", one["validUntil"] or "-")
        lines.append(table_line(cells))
    for one in facts["gates"]:
        if one["status"] != "pass":
            lines += ["", f"## {one['name']}", "", f"{one['requirement']}. {one['why']}.", "", one["fix"], ""]
            said = (f"- {part['status']}: {part['shows']}: {part['reason']}" for part in one["conditions"])
            lines += [" ".join(line.split()).replace("<", "&lt;").replace("](", "]\\(") for line in said]
    return "\n".join(lines) + "\n"

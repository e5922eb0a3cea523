"""`vsmhub gate`: what a target's API can do, and what not."""

from typing import TYPE_CHECKING

import typer

from vsmhub.cli.options import Base, Json, TargetName

if TYPE_CHECKING:
    from vsmhub.interhub.surface.gate import Gate, Ways

EXIT_CLOSED = 2


def gate(target: TargetName = None, base: Base = None, as_json: Json = False) -> None:
    """Show what a target's API can do of a bootstrap.

    And which routes are left where it cannot. Asks for openapi.json and for /hubs, both without credentials; no key is
    needed. Exit code: 0 the gate is open and the API can do a whole bootstrap, 2 it is closed, 1 error.

    Example: vsmhub gate --base https://hub.example.org
    """
    from vsmhub.cli.output import say_json
    from vsmhub.interhub.surface.gate import ASKED, judge
    from vsmhub.targets.opening import opened

    with opened(target, base) as at:
        found = judge(at.operator.surface(), at.operator.unauthenticated(ASKED))
        label = at.target.label
    if as_json:
        say_json({"target": at.name, "url": at.operator.url, **_facts(found)})
    else:
        _show(found, label)
    if not found.is_open:
        raise typer.Exit(EXIT_CLOSED)


def _facts(gate: "Gate") -> dict[str, object]:
    return {
        "open": gate.is_open,
        "closedBy": list(gate.closed_by),
        "api": {"title": gate.title, "version": gate.version},
        "checks": [{"name": one.name, "passed": one.passed, "found": one.found} for one in gate.checks],
        "reads": [
            {"operation": str(one.operation), "offered": not one.lacking, "why": one.lacking} for one in gate.reads
        ],
        "steps": [
            {
                "kind": one.step.kind,
                "action": one.step.action,
                "neededFirst": one.step.first,
                "fieldsNotTaken": list(one.without),
                "routes": {
                    route: {"possible": not why, "why": why}
                    for route, why in (("api", one.api), ("sql", one.sql), ("runbook", one.runbook))
                },
            }
            for one in gate.ways
        ],
        "notes": {str(operation): list(notes) for operation, notes in gate.notes},
    }


def _show(gate: "Gate", label: str) -> None:
    from vsmhub.cli.output import say, say_table

    say(f"{label} says it is {gate.title or 'nameless'} {gate.version}".rstrip())
    say()
    say_table([(_mark(one.passed), one.name, one.found) for one in gate.checks], ("", "test", "found"))
    say()
    say_table([_row(one) for one in gate.ways], ("step", "api", "sql", "runbook", "of the api"))
    unread = [(str(one.operation), one.lacking) for one in gate.reads if one.lacking]
    if unread:
        say()
        say_table(unread, ("cannot be read", "why"))
    if gate.notes:
        say()
        say_table([(str(name), note) for name, notes in gate.notes for note in notes], ("operation", "to know"))
    say()
    if gate.is_open:
        say("The gate is open: a bootstrap can go wholly through the API.", "good")
    else:
        say("The gate is closed: the API cannot do a whole bootstrap.", "warn")
        if any(not one.sql for one in gate.ways if one.api):
            say("sql needs the database, runbook a person at the pages; vsmhub plan says which step goes where.", "dim")


def _row(ways: "Ways") -> tuple[str, ...]:
    routes = (_mark(not why) for why in (ways.api, ways.sql, ways.runbook))
    without = f"without {', '.join(name.replace('_', ' ') for name in ways.without)}" if ways.without else ""
    return f"{ways.step.action} {ways.step.kind}", *routes, ways.api or without


def _mark(good: bool) -> str:
    return "yes" if good else "no"

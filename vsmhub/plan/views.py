"""A plan as text for a terminal and as Markdown, both made from the plan's JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from pydantic import JsonValue

from vsmhub.plan.fields import differs
from vsmhub.plan.model import Change, Plan

Tone = Literal["plain", "bold", "dim", "add", "change", "remove", "warn"]

_SIGNS: dict[str, tuple[str, Tone]] = {
    "create": ("+", "add"),
    "update": ("~", "change"),
    "activate": ("^", "change"),
    "revoke": ("-", "remove"),
}
_LONG = 60
_MANY = 20


class Line(NamedTuple):
    """One line of text and how it should look."""

    text: str
    tone: Tone = "plain"


def plan_json(plan: Plan) -> dict[str, JsonValue]:
    """The plan for programs: all of it, its digest and whether the target is in sync."""
    facts: dict[str, JsonValue] = plan.model_dump(mode="json")
    return {**facts, "inSync": plan.is_empty, "digest": plan.digest()}


def summary(plan: Plan) -> str:
    """One line that counts: `3 to create, 1 to activate, 1 event to tell; 17 unchanged`."""
    counts = Counter(change.action.value for change in plan.changes)
    unchanged = sum(plan.unchanged.values())
    said = [f"{counts[action]} to {action}" for action in _SIGNS if counts[action]]
    if plan.events:
        said.append(f"{len(plan.events)} event{'s' * (len(plan.events) > 1)} to tell")
    told = ", ".join(said) or "no changes"
    # A plan that leads back, or is about keys alone, counts nothing but its changes.
    return f"{told}; {unchanged} unchanged" if unchanged else told


def text(plan: Plan, *, every: bool = False) -> Iterator[Line]:
    """The plan for a terminal. Of many alike only the first are shown, unless `every` is asked for."""
    if plan.is_empty:
        yield Line(f"{plan.hub} at {plan.target} is as declared: {summary(plan)}", "bold")
    else:
        yield Line(f"Plan for {plan.hub} at {plan.target}: {summary(plan)}", "bold")
        yield Line("")
    for (kind, action, _, why), group in groupby(plan.changes, key=_alike):
        changes = list(group)
        sign, tone = _SIGNS[action]
        if len(changes) > 1:
            yield Line(f"  {sign} {action} {len(changes)} {kind}s via {changes[0].route}{_reason(changes)}", tone)
            if why:
                yield Line(f"      {why}", "warn")
            yield from _several(changes, every=every)
        else:
            change = changes[0]
            yield Line(f"  {sign} {action} {kind} {change.name} via {change.route}: {change.reason}", tone)
            if why:
                yield Line(f"      {why}", "warn")
            yield from _fields(change)
    for event in plan.events:
        yield Line(f"  > tell {event.name} via {event.route}: {event.reason}", "add")
        yield from _fields(event)
    for note in plan.notes:
        yield Line(f"  note: {note}", "warn")
    if plan.unmanaged:
        names = ", ".join(f"{one.kind} {one.name}" for one in plan.unmanaged)
        yield Line(f"  left alone, for the spec does not name them: {names}", "dim")


def _alike(change: Change) -> tuple[str, str, str, str]:
    return change.kind, change.action, change.route, change.route_reason


def _reason(changes: Sequence[Change]) -> str:
    """Why, where it is the same for all of them; otherwise each says it."""
    reasons = {change.reason for change in changes}
    return f": {reasons.pop()}" if len(reasons) == 1 else ""


def _several(changes: Sequence[Change], *, every: bool) -> Iterator[Line]:
    shown = changes if every or len(changes) <= _MANY else changes[: _MANY // 2]
    width = max(len(change.name) for change in shown)
    told = _reason(changes)
    for change in shown:
        yield Line(f"      {change.name.ljust(width)}  {_in_short(change, told)}".rstrip(), "dim")
    if len(shown) < len(changes):
        yield Line(f"      and {len(changes) - len(shown)} more (--every shows them)", "dim")


def _in_short(change: Change, told: str) -> str:
    if change.action == "create":
        fields = change.after()
        return "  ".join(str(fields[name]) for name in ("widget_type", "policy_scope") if name in fields)
    moved = "; ".join(f"{name}: {value}" for name, value in _shown_fields(change))
    # A reason that only names the fields says nothing that they do not say themselves.
    reason = "" if told or (moved and change.reason == differs(change.fields)) else change.reason
    return ": ".join(filter(None, [reason, moved]))


def _fields(change: Change) -> Iterator[Line]:
    shown = list(_shown_fields(change))
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        yield Line(f"      {name.ljust(width)}  {value}", "dim")


def _shown_fields(change: Change) -> Iterator[tuple[str, str]]:
    for field in change.fields:
        name = field.field.replace("_", " ")
        if change.action == "create":
            yield name, _value(field.after)
        else:
            yield from _moved(name, field.before, field.after)


def _moved(name: str, before: JsonValue, after: JsonValue) -> Iterator[tuple[str, str]]:
    """What differs: of an object the members that do, by their path."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            if before.get(key) != after.get(key) or (key in before) != (key in after):
                yield from _moved(f"{name}.{key}", before.get(key), after.get(key))
        return
    if isinstance(before, list) and isinstance(after, list):
        gone = [f"-{one}" for one in before if one not in after]
        new = [f"+{one}" for one in after if one not in before]
        if gone or new:
            yield name, " ".join([*gone, *new])
            return
    yield name, f"{_value(before)} -> {_value(after)}"


def _value(value: JsonValue) -> str:
    match value:
        case None:
            return "none"
        case list() if len(value) > 3:
            return f"{len(value)} names: {value[0]}, {value[1]}, ..."
        case list():
            return ", ".join(map(str, value))
        case dict():
            return _cut(json.dumps(value, ensure_ascii=False))
        case _:
            return _cut(str(value))


def _cut(text_: str) -> str:
    one_line = " ".join(text_.split())
    return one_line if len(one_line) <= _LONG else one_line[: _LONG - 3] + "..."


def markdown(facts: Mapping[str, JsonValue]) -> str:
    """The plan for a review, from `plan_json`: a table of changes, then each with its fields."""
    plan = Plan.model_validate({name: facts[name] for name in Plan.model_fields if name in facts})
    lines = [f"# Plan for {plan.hub} at {plan.target}", "", f"{summary(plan).capitalize()}.", ""]
    if not plan.is_empty:
        lines += ["| | what | name | route | reason |", "|---|---|---|---|---|"]
        lines += [
            f"| {change.action} | {change.kind} | {_cell(_code(change.name))} | {change.route} "
            f"| {_cell(_prose(_why(change)))} |"
            for change in plan.steps
        ]
        lines.append("")
    for change in plan.steps:
        lines += _details(change)
    lines += [f"> {_prose(note)}" for note in plan.notes]
    if plan.unmanaged:
        lines += ["Left alone, for the spec does not name them:", ""]
        lines += [f"- {one.kind} {_code(one.name)}" for one in plan.unmanaged]
        lines.append("")
    lines += [f"Digest: `{facts['digest']}`", ""]
    return "\n".join(lines)


def _why(change: Change) -> str:
    return f"{change.reason} ({change.route_reason})" if change.route_reason else change.reason


def _details(change: Change) -> list[str]:
    if not change.fields:
        return []
    rows = [
        f"| {field.field} | {_cell(_json(field.before))} | {_cell(_json(field.after))} |" for field in change.fields
    ]
    title = f"<details><summary>{_prose(change.id)}</summary>"
    return [title, "", "| field | live | declared |", "|---|---|---|", *rows, "", "</details>", ""]


def _json(value: JsonValue) -> str:
    return "" if value is None else _code(json.dumps(value, ensure_ascii=False))


def _code(text_: str) -> str:
    """A text of the target's, or of the spec's, as a code span that it cannot end."""
    line = text_.replace("\r", " ").replace("\n", " ")
    ticks = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    padding = " " if "`" in (line[:1], line[-1:]) else ""
    return f"{ticks}{padding}{line}{padding}{ticks}"


def _prose(text_: str) -> str:
    """A text that may hold the target's words as one line without HTML, links and images."""
    return " ".join(text_.split()).replace("<", "&lt;").replace("](", "]\\(")


def _cell(markdown_: str) -> str:
    return markdown_.replace("|", "\\|")

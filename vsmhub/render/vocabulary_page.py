"""The vocabulary reference: every name that a hub owns, what it means, and what in the spec uses it."""

from collections.abc import Mapping
from dataclasses import dataclass

from vsmhub.render.pages import code, page, prose
from vsmhub.spec.model import Deprecation, HubSpec, PolicyScope, Term


@dataclass(frozen=True, slots=True)
class Row:
    """One name, with what in the spec uses it."""

    name: str
    description: str
    deprecated: Deprecation | None
    users: tuple[str, ...]
    kept_days: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four vocabularies."""

    title: str
    meaning: str
    used_by: str
    rows: tuple[Row, ...]


def vocabulary_page(spec: HubSpec) -> str:
    """`VOCABULARY.md`."""
    return page("VOCABULARY.md.jinja", {"spec": spec, "parts": parts(spec), "meaning": meaning})


def meaning(row: Row) -> str:
    """What a name means, in Markdown, and whether it should still be used."""
    said = [prose(row.description)]
    if row.deprecated:
        instead = f"; use {code(row.deprecated.replaced_by)} instead" if row.deprecated.replaced_by else ""
        said.append(f"**Deprecated since {row.deprecated.since}{instead}.**")
        said += [prose(row.deprecated.reason)] if row.deprecated.reason else []
    if row.kept_days:
        said.append(f"Events are kept for {row.kept_days} days.")
    ended = [one if one.endswith((".", "!", "?", "**")) else f"{one}." for one in said[:-1]]
    return " ".join([*ended, said[-1]])


def parts(spec: HubSpec) -> tuple[Part, ...]:
    """The four vocabularies, in the spec's order."""
    by_type: dict[str, list[str]] = {}
    by_scope: dict[str, list[str]] = {}
    for widget in spec.widgets:
        by_type.setdefault(widget.type, []).append(widget.slug)
        by_scope.setdefault(widget.policy_scope, []).append(widget.slug)
    by_event: dict[str, list[str]] = {}
    for channel in spec.channels:
        for event in channel.carries:
            by_event.setdefault(event, []).append(channel.to)
    terms = spec.vocabulary
    return (
        _part("Widget types", "What evidence can be about.", "seed widgets", terms.widget_types, by_type),
        _part("Event types", "What can be reported.", "sent to", terms.event_types, by_event),
        _part("Annotation categories", "What people can remark.", "", terms.annotation_categories, {}),
        _part("Policy scopes", "What rules a widget can be under.", "seed widgets", terms.policy_scopes, by_scope),
    )


def _part(title: str, meaning: str, used_by: str, terms: Mapping[str, Term], users: dict[str, list[str]]) -> Part:
    rows = (
        Row(
            name,
            term.description,
            term.deprecated,
            tuple(dict.fromkeys(users.get(name, ()))),
            term.retention_days if isinstance(term, PolicyScope) else None,
        )
        for name, term in terms.items()
    )
    return Part(title, meaning, used_by, tuple(rows))

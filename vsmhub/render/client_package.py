"""The hub's client: a small typed Python package whose vocabulary is checked by the type checker.

What all hubs share is in `vsmhub.sdk`; a hub's package adds its vocabulary and its name.
"""

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vsmhub.render.notice import NOTICE
from vsmhub.render.pages import page
from vsmhub.spec.indented import indented
from vsmhub.spec.model import Deprecation, HubSpec, Term

WIDTH = 120
STAGES = {"alpha": "a", "beta": "b", "rc": "rc"}


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an enum."""

    name: str
    value: str
    docstring: str


@dataclass(frozen=True, slots=True)
class Enum:
    """One vocabulary as an enum."""

    name: str
    meaning: str
    members: tuple[Member, ...]


def package_name(spec: HubSpec) -> str:
    """The package's import name, such as `ops_hub`: always with `_hub` at its end, so never a keyword or `json`."""
    name = spec.hub.slug.replace("-", "_")
    return name if name.endswith("_hub") else f"{name}_hub"


def class_name(spec: HubSpec) -> str:
    """The client's class, such as `OpsHub`."""
    return "".join(part.capitalize() for part in package_name(spec).split("_"))


def package_version(spec: HubSpec) -> str:
    """The manifest's version as Python packages have versions; other pre-releases than theirs become `.dev0`."""
    release, _, stage = spec.manifest.version.partition("-")
    known = re.fullmatch(r"(alpha|beta|rc)(?:\.(0|[1-9][0-9]*))?", stage)
    if known:
        return f"{release}{STAGES[known[1]]}{known[2] or 0}"
    return f"{release}.dev0" if stage else release


def pyproject(spec: HubSpec) -> str:
    """`pyproject.toml` of the package."""
    return _file("client/pyproject.toml.jinja", spec)


def readme(spec: HubSpec) -> str:
    """`README.md` of the package."""
    return _file("client/README.md.jinja", spec)


def package_init(spec: HubSpec) -> str:
    """`__init__.py` of the package: its public names."""
    return _file("client/__init__.py.jinja", spec)


def typed_marker(_spec: HubSpec) -> str:
    """`py.typed`, which tells type checkers to read the package's types; it is empty by its definition (PEP 561)."""
    return ""


def packaged_spec(spec: HubSpec) -> str:
    """`hub.json` of the package: the whole spec, so that the package can bootstrap the hub from anywhere."""
    document = {"$comment": NOTICE, **spec.model_dump(mode="json", exclude_defaults=True)}
    return indented(document) + "\n"


def vocabulary_module(spec: HubSpec) -> str:
    """`vocabulary.py` of the package: the enums."""
    return page("client/vocabulary.py.jinja", {"spec": spec, "enums": enums(spec)})


def enums(spec: HubSpec) -> tuple[Enum, ...]:
    """The vocabulary and the seed widgets as enums, in the spec's order."""
    slug, prefix, terms = spec.hub.slug, spec.hub.prefix, spec.vocabulary
    named = member_names((widget.slug for widget in spec.widgets), prefix)
    widgets = tuple(Member(named[one.slug], one.slug, docstring(f"{one.name} (`{one.type}`).")) for one in spec.widgets)
    return (
        Enum("WidgetType", f"What evidence of {slug} can be about.", _members(terms.widget_types, prefix)),
        Enum("EventType", f"What {slug} can report.", _members(terms.event_types, prefix)),
        Enum("AnnotationCategory", f"What people can remark in {slug}.", _members(terms.annotation_categories, prefix)),
        Enum("PolicyScope", f"What rules a widget of {slug} can be under.", _members(terms.policy_scopes, prefix)),
        Enum("Widget", f"The widgets that {slug} has from the start.", widgets),
    )


def member_names(names: Iterable[str], prefix: str) -> dict[str, str]:
    """The members that names of one vocabulary become: `ops-endpoint-verified` is `ENDPOINT_VERIFIED`.

    Names are kebab-case, so no two become the same; where one lacks the prefix, all of them keep theirs. A member
    that would begin with a digit begins with `_`.
    """
    names = tuple(names)
    head = f"{prefix}-" if all(name.startswith(f"{prefix}-") for name in names) else ""
    bare = {name: name.removeprefix(head).replace("-", "_").upper() for name in names}
    return {name: f"_{member}" if member[0].isdigit() else member for name, member in bare.items()}


def docstring(text: str, indent: int = 4) -> str:
    """A docstring that says `text`, with its quotes, wrapped for a line of `WIDTH` after `indent` columns."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    if len(escaped) <= WIDTH - indent - 6 and escaped == " ".join(escaped.split()):
        return f'"""{escaped}"""'  # as nearly all are; wrapping would find that out a hundred times as slowly
    lines = textwrap.wrap(escaped, WIDTH - indent - 6, break_long_words=False, break_on_hyphens=False)
    return '"""' + f"\n{' ' * indent}".join(lines) + '"""'


def _members(terms: Mapping[str, Term], prefix: str) -> tuple[Member, ...]:
    named = member_names(terms, prefix)
    return tuple(
        Member(named[name], name, docstring(_said(term.description, term.deprecated, named)))
        for name, term in terms.items()
    )


def _said(description: str, deprecated: Deprecation | None, named: dict[str, str]) -> str:
    said = description if description.endswith((".", "!", "?")) else f"{description}."
    if deprecated is None:
        return said
    instead = deprecated.replaced_by and named.get(deprecated.replaced_by, deprecated.replaced_by)
    reason = f" ({deprecated.reason})" if deprecated.reason else ""
    return f"{said} Deprecated since {deprecated.since}" + (f": use {instead}{reason}." if instead else f"{reason}.")


def _file(template: str, spec: HubSpec) -> str:
    example = _example(spec)
    values = {
        "spec": spec,
        "package": package_name(spec),
        "class_name": class_name(spec),
        "version": package_version(spec),
        "docstring": docstring,
        "example": example,
        "imports": sorted(
            {"EventType", "Widget", class_name(spec)} | ({"AnnotationCategory"} if example["category"] else set())
        ),
    }
    return page(template, values)


def _example(spec: HubSpec) -> dict[str, str]:
    """The members that the example in the README uses: the registration's, and the first category."""
    prefix, terms = spec.hub.prefix, spec.vocabulary
    categories = member_names(terms.annotation_categories, prefix)
    return {
        "event": member_names(terms.event_types, prefix).get(spec.registration.event_type, ""),
        "widget": member_names((one.slug for one in spec.widgets), prefix).get(spec.registration.widget, ""),
        "category": next(iter(categories.values()), ""),
    }

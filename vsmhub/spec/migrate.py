"""Older formats of `hub.yaml`, brought to the newest one step by step, with every comment kept.

A format is what a file says of itself in `spec:`. `vsmhub/hub/v0` is the flat form of the first drafts of manifests: no
`spec:` at all, or that name, then the API's camelCase names at the top, vocabularies as lists of names, and no
descriptions. Its keys: slug, name, prefix, domain, hubKind, description; hubFamily, vsmFunction, vsmSystem; scope;
version; widgetTypes, eventTypes, annotationCategories, policyScopes; consumerName, keyName, keyScopes; widgets with
slug, name, widgetType, policyScope, viewContext, metadata.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

import yaml

from vsmhub.spec.blocks import Block, after_key, entries, items, remark, texts
from vsmhub.spec.complaint import Complaint
from vsmhub.spec.errors import SpecError
from vsmhub.spec.model import SPEC_FORMAT
from vsmhub.spec.reading import OLDEST_KEYS

V0 = "vsmhub/hub/v0"


@dataclass(frozen=True, slots=True)
class Step:
    """How one format becomes the next: a function from a text to a text."""

    to: str
    change: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Migrated:
    """A file in the newest format; `formats` are those that it had on the way, the first one included."""

    text: str
    formats: tuple[str, ...]


def migrated(text: str, file: Path, steps: Mapping[str, Step] | None = None) -> Migrated | None:
    """A file in an older format brought to the newest; None when there is nothing to do, or the format is not known.

    SpecError when the file cannot be taken apart. Whether the outcome is a good spec is for loading it to say.
    """
    known = STEPS if steps is None else steps
    passed: list[str] = []
    found = format_of(text)
    while found in known:
        passed.append(found)
        try:
            text = known[found].change(text)
        except (yaml.YAMLError, ValueError, AttributeError, TypeError, KeyError) as error:
            message = f"this file of the format {passed[0]} cannot be brought to {SPEC_FORMAT}: {error}"
            complaint = Complaint(rule="migration", message=message, file=file, line=1, column=1)
            raise SpecError([complaint]) from error
        found = known[found].to
    return Migrated(text, (*passed, found)) if passed else None


def format_of(text: str) -> str:
    """What a file says of its format; the oldest when it says nothing but looks like it, empty when nobody can tell."""
    said = re.search(r"""^[{ ]*["']?spec["']? *: *["']?([^\s"'#,}]+)""", text, re.MULTILINE)
    if said:
        return said[1]
    looks_old = all(re.search(rf"""^[{{ \t]*["']?{key}["']? *:""", text, re.MULTILINE) for key in OLDEST_KEYS)
    return V0 if looks_old else ""


def _from_v0(text: str) -> str:
    """v0 to v1."""
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    try:
        blocks, tail = entries(text)
    except ValueError:
        # In JSON's style there are no comments; as a block mapping it can be taken apart like any other.
        told = yaml.safe_load(text)
        blocks, tail = entries(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=4096))
    header, first = _header(blocks[0].above)
    parts = {block.key: block for block in blocks}
    parts[blocks[0].key] = Block(blocks[0].key, first, blocks[0].lines)
    lines = [*header, *_sections(parts), *tail]
    return newline.join(re.sub(r"[ \t]+$", "", line) for line in lines) + newline


def _sections(parts: Mapping[str, Block]) -> Iterator[str]:
    slug = str(_plain(parts["slug"]))
    prefix = str(_plain(parts["prefix"])) if "prefix" in parts else slug.removesuffix("-hub").replace("-", "")
    yield from _told(parts.get("spec"), "spec", SPEC_FORMAT, 0)
    for name, places in _PLACES.items():
        yield from _section(f"{name}:", _placed(parts, places, {"slug": slug, "prefix": prefix}))
    yield from _section("vocabulary:", _vocabularies(parts, prefix))
    yield from _section("consumer:", _consumer(parts, slug))
    if "widgets" in parts:
        yield from _section("", _widgets(parts["widgets"]))
    yield from _registration(parts)
    known = {"spec", "widgets", *_VOCABULARIES, *_CONSUMER, *(old for places in _PLACES.values() for old in places)}
    for key, block in parts.items():
        if key not in known:
            # Not ours to drop: the loader says what it thinks of it.
            yield from _section("", (*_above(block, 0), *block.lines))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A blank line, the title, and what belongs to it; blank lines at its beginning are one too many."""
    yield ""
    if title:
        yield title
    yield from dropwhile(lambda line: not line, lines)


def _placed(
    parts: Mapping[str, Block], places: Mapping[str, tuple[str, str]], known: Mapping[str, str]
) -> Iterator[str]:
    for old, (new, default) in places.items():
        yield from _moved(parts.get(old), new, default.format_map(known), 2)


def _vocabularies(parts: Mapping[str, Block], prefix: str) -> Iterator[str]:
    for old, new in _VOCABULARIES.items():
        if old in parts:
            yield from _described(parts[old], new, prefix)


# Section by section: the old key, the new one, and what it is when it was left out.
_PLACES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "hub": {
        "slug": ("slug", ""),
        "name": ("name", "{slug}"),
        "prefix": ("prefix", "{prefix}"),
        "domain": ("domain", "{prefix}.internal"),
        "hubKind": ("kind", "domain"),
        "description": ("description", ""),
    },
    "vsm": {"hubFamily": ("hub_family", "vsm"), "vsmFunction": ("vsm_function", ""), "vsmSystem": ("vsm_system", "")},
    "scope": {"scope": ("purpose", "{slug}")},
    "manifest": {"version": ("version", "0.1.0")},
}
_VOCABULARIES = {
    "widgetTypes": "widget_types",
    "eventTypes": "event_types",
    "annotationCategories": "annotation_categories",
    "policyScopes": "policy_scopes",
}
_CONSUMER = ("consumerName", "keyName", "keyScopes")
_WIDGET_KEYS = {"widgetType": "type", "policyScope": "policy_scope", "viewContext": "view_context"}


def _told(block: Block | None, key: str, value: str, indent: int) -> Iterator[str]:
    """A key with a new value, and the old one's comments."""
    if block is None:
        yield f"{' ' * indent}{key}: {value}"
        return
    yield from _above(block, indent)
    behind = remark(block)
    yield f"{' ' * indent}{key}: {value}" + (f"  {behind}" if behind else "")


def _moved(block: Block | None, key: str, default: str, indent: int) -> Iterator[str]:
    """An entry in its new place, under its new key, its value as it was written."""
    if block is None:
        if default:
            yield f"{' ' * indent}{key}: {default}"
        return
    yield from _above(block, indent)
    first, *rest = after_key(block)
    yield f"{' ' * indent}{key}:{first}"
    yield from (" " * indent + line if line else "" for line in rest)


def _described(block: Block, key: str, prefix: str) -> Iterator[str]:
    """A list of names as a mapping to descriptions, which say no more than the name until somebody writes them."""
    yield from _above(block, 2)
    behind = remark(block)
    listed = texts(block)
    in_lines = bool(items(block)[0])
    if not listed:
        yield f"  {key}: {{}}" + (f"  {behind}" if behind else "")
        return
    yield f"  {key}:" + (f"  {behind}" if behind and in_lines else "")
    for name, comment, above in listed:
        yield from (f"    {line}" if line else "" for line in above)
        said = name.removeprefix(f"{prefix}-").replace("-", " ").capitalize()
        yield f"    {name}: {said}" + (f"  {comment}" if comment else "")
    yield from (f"    {line}" if line else "" for line in items(block)[1])


def _consumer(parts: Mapping[str, Block], slug: str) -> Iterator[str]:
    yield from _moved(parts.get("consumerName"), "name", slug, 2)
    yield "  key:"
    yield from _moved(parts.get("keyName"), "name", slug, 4)
    scopes = f"[framework:read, hub:{slug}:read, hub:{slug}:write]"
    yield from _moved(parts.get("keyScopes"), "scopes", scopes, 4)


def _widgets(block: Block) -> Iterator[str]:
    """The widgets as they were written, but for the names of their keys."""
    text = "\n".join(block.lines)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    held = node.value[0][1] if isinstance(node, yaml.MappingNode) else None
    keys = [
        key
        for widget in (held.value if isinstance(held, yaml.SequenceNode) else [])
        for key, _ in (widget.value if isinstance(widget, yaml.MappingNode) else [])
        if key.value in _WIDGET_KEYS
    ]
    for key in reversed(keys):
        text = text[: key.start_mark.index] + _WIDGET_KEYS[key.value] + text[key.end_mark.index :]
    yield from _above(block, 0)
    yield from text.split("\n")


def _registration(parts: Mapping[str, Block]) -> Iterator[str]:
    """Drafts had none: the first event, about the first widget."""
    events = texts(parts["eventTypes"]) if "eventTypes" in parts else []
    widgets = _plain(parts["widgets"]) if "widgets" in parts else []
    if events and isinstance(widgets, list) and widgets and isinstance(widgets[0], dict):
        yield from ("", "# The first event and the first widget; look whether they are what says that the hub exists.")
        yield from ("registration:", f"  event_type: {events[0][0]}", f"  widget: {widgets[0].get('slug', '')}")


def _plain(block: Block) -> object:
    return next(iter(yaml.safe_load("\n".join(block.lines)).values()))


def _above(block: Block, indent: int) -> Iterator[str]:
    yield from (" " * indent + line if line else "" for line in block.above)


def _header(above: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands at the top of a file, cut into what is about the file and what is about its first entry."""
    blank = max((number for number, line in enumerate(above) if not line), default=-1)
    return tuple(above[: blank + 1]), tuple(above[blank + 1 :])


STEPS: Mapping[str, Step] = {V0: Step(SPEC_FORMAT, _from_v0)}
"""How each older format becomes the next."""

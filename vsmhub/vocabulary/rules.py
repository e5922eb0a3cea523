"""The rules on the names of one hub.

That a name is kebab-case and at most 63 characters long, and that what widgets, channels and the registration use is
declared, are matters of the spec itself (`vsmhub.spec`).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, path_text, quoted
from vsmhub.spec.names import NAME_PATTERN
from vsmhub.spec.parts import EACH, Path, mapping_at, texts, value_at
from vsmhub.spec.references import FUNCTION_OF
from vsmhub.vocabulary.kinds import Kind
from vsmhub.vocabulary.version import SemanticVersion

RULES = {
    "name-prefix": "Every name of a hub's vocabulary begins with the hub's prefix and a hyphen",
    "name-twice": "A name stands in one vocabulary of a hub only",
    "name-reserved": "Some names have a meaning of their own, or would be taken for something else",
    "prefix-reserved": "Some prefixes belong to a known hub or to the framework",
    "slug-reserved": "Some slugs belong to services that are no hubs",
    "algedonic": "The algedonic event is for the algedonic channel alone",
    "deprecated-use": "What the hub declares uses no deprecated name",
    "deprecated-since": "A name is deprecated in a manifest version that has been reached",
    "replaced-by-deprecated": "A deprecated name is replaced by one that is not",
    "name-owner": "A name belongs to one hub",
    "prefix-owner": "A prefix belongs to one hub",
    "slug-owner": "A slug belongs to one hub",
}
"""Each rule of this package, in a sentence."""

ALGEDONIC = "algedonic-raised"
"""After the prefix, the one name each hub reserves: pain or pleasure that goes past every level (Beer's algedonics)."""

# The words of key scopes, and of Inter-Hub's own names.
RESERVED_PREFIXES = frozenset({"api", "framework", "hub", "inter", "vsm"})
RESERVED_SLUGS = frozenset({"inter-hub", "state-hub"})

# Where names are used, and in which vocabulary they are.
_USES: tuple[tuple[Path, Kind], ...] = (
    (("widgets", EACH, "type"), Kind.WIDGET_TYPE),
    (("widgets", EACH, "policy_scope"), Kind.POLICY_SCOPE),
    (("registration", "event_type"), Kind.EVENT_TYPE),
    (("registration", "applied_event_type"), Kind.EVENT_TYPE),
    (("channels", EACH, "carries", EACH), Kind.EVENT_TYPE),
)


class Use(NamedTuple):
    """One place in a spec where a name is used."""

    pointer: Pointer
    kind: Kind
    name: str


def uses(data: JsonValue) -> Iterator[Use]:
    """Every place where widgets, the registration or channels use a name."""
    for path, kind in _USES:
        for pointer, name in texts(data, path):
            yield Use(pointer, kind, name)


def names(data: JsonValue) -> Iterator[Use]:
    """Every name of the four vocabularies, with where it is declared."""
    for kind in Kind:
        for name in mapping_at(data, kind.pointer) or {}:
            yield Use((*kind.pointer, name), kind, name)


def vocabulary_findings(data: JsonValue) -> tuple[Finding, ...]:
    """All that is wrong with the names of one spec, given as plain data."""
    return (*_identity(data), *_names(data), *_twice(data), *_algedonic(data), *_deprecations(data), *_used(data))


def _identity(data: JsonValue) -> Iterator[Finding]:
    slug = value_at(data, ("hub", "slug"))
    # What stands there need not be a text, and then the spec's own complaint says so.
    if isinstance(slug, str) and slug in RESERVED_SLUGS:
        yield Finding(rule="slug-reserved", message=f"`{slug}` is no hub of this kind", pointer=("hub", "slug"))
    for pointer, prefix in texts(data, ("hub", "prefix")):
        if prefix in RESERVED_PREFIXES:
            message = f"the prefix `{prefix}` is the framework's"
            yield Finding(rule="prefix-reserved", message=message, pointer=pointer)
        if f"{prefix}-hub" in FUNCTION_OF and slug != f"{prefix}-hub":
            message = f"the prefix `{prefix}` belongs to `{prefix}-hub`"
            yield Finding(rule="prefix-reserved", message=message, pointer=pointer)


def _names(data: JsonValue) -> Iterator[Finding]:
    prefix, slug = value_at(data, ("hub", "prefix")), value_at(data, ("hub", "slug"))
    if not isinstance(prefix, str):
        return
    for pointer, kind, name in names(data):
        if not name.startswith(f"{prefix}-"):
            message = f"the {kind.words} {quoted(name)} does not begin with `{prefix}-`"
            better = f"{prefix}-{name}"
            known = not name.startswith(prefix) and re.search(NAME_PATTERN, better)
            hint = f"call it `{better}`" if known else ""
            yield Finding(rule="name-prefix", message=message, pointer=pointer, hint=hint, at_key=True)
        elif name == slug:
            message = f"the {kind.words} {quoted(name)} would be taken for the hub"
            yield Finding(rule="name-reserved", message=message, pointer=pointer, at_key=True)
        elif name == f"{prefix}-{ALGEDONIC}" and kind is not Kind.EVENT_TYPE:
            message = f"{quoted(name)} can only be an event type"
            yield Finding(rule="name-reserved", message=message, pointer=pointer, at_key=True)


def _twice(data: JsonValue) -> Iterator[Finding]:
    first: dict[str, Use] = {}
    for use in names(data):
        known = first.setdefault(use.name, use)
        if known is not use:
            message = f"{quoted(use.name)} is {known.kind.one} already"
            yield Finding(rule="name-twice", message=message, pointer=use.pointer, at_key=True)


def _algedonic(data: JsonValue) -> Iterator[Finding]:
    name = f"{value_at(data, ('hub', 'prefix'))}-{ALGEDONIC}"
    for use in uses(data):
        if use.name != name:
            continue
        if use.pointer[0] != "channels" or value_at(data, (*use.pointer[:2], "kind")) != "algedonic":
            message = f"`{name}` travels on an algedonic channel alone"
            yield Finding(rule="algedonic", message=message, pointer=use.pointer)


def _deprecations(data: JsonValue) -> Iterator[Finding]:
    for pointer, since in texts(data, ("vocabulary", EACH, EACH, "deprecated", "since")):
        version = value_at(data, ("manifest", "version"))
        if isinstance(version, str) and _later(since, version):
            message = f"`{pointer[2]}` is deprecated since {since}, but the manifest is version {version}"
            hint = "raise `manifest.version`"
            yield Finding(rule="deprecated-since", message=message, pointer=pointer, hint=hint)
    for pointer, instead in texts(data, ("vocabulary", EACH, EACH, "deprecated", "replaced_by")):
        further = _deprecation(data, (*pointer[:2], instead))
        if further is not None and instead != pointer[2]:
            message = f"`{pointer[2]}` is replaced by `{instead}`, which is deprecated too"
            hint = f"it is replaced by `{further}`" if further else ""
            yield Finding(rule="replaced-by-deprecated", message=message, pointer=pointer, hint=hint)


def _used(data: JsonValue) -> Iterator[Finding]:
    for pointer, kind, name in uses(data):
        instead = _deprecation(data, (*kind.pointer, name))
        if instead is not None:
            message = f"`{path_text(pointer)}` uses the {kind.words} `{name}`, which is deprecated"
            hint = f"use `{instead}`" if instead else ""
            yield Finding(rule="deprecated-use", message=message, pointer=pointer, hint=hint)


def _deprecation(data: JsonValue, pointer: Pointer) -> str | None:
    """What replaces the name at `pointer`, empty when nothing does; None when it is not deprecated."""
    deprecated = value_at(data, (*pointer, "deprecated"))
    return str(deprecated.get("replaced_by") or "") if isinstance(deprecated, dict) else None


def _later(one: str, other: str) -> bool:
    try:
        return SemanticVersion(one) > SemanticVersion(other)
    except ValueError:  # one of them is no version, which the spec's own complaint says
        return False

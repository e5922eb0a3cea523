"""What the parts of a spec say about each other, and whether it fits.

The rules look at plain data, not at the model's value: a spec that is wrong in one place is still told all the rest.
"""

import json
from collections.abc import Iterator

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, path_text, quoted
from vsmhub.spec.model import SYSTEM_OF, VsmFunction
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import EACH, Path, mapping_at, parts, texts, value_at

METADATA_LIMIT = 64 * 1024
"""Bytes of a widget's metadata as JSON; Inter-Hub takes no more (contract, rule 9)."""

FUNCTION_OF = {f"{function.lower()}-hub": function for function in VsmFunction}
"""The seven hubs of a viable system that everybody knows by their slugs."""

# Names that must be declared: the rule, where they are used, and what declares them.
_DECLARED: tuple[tuple[str, Path, Pointer], ...] = (
    ("widget-type", ("widgets", EACH, "type"), ("vocabulary", "widget_types")),
    ("policy-scope", ("widgets", EACH, "policy_scope"), ("vocabulary", "policy_scopes")),
    ("registration", ("registration", "event_type"), ("vocabulary", "event_types")),
    ("registration", ("registration", "applied_event_type"), ("vocabulary", "event_types")),
    ("channel", ("channels", EACH, "carries", EACH), ("vocabulary", "event_types")),
)

# Lists in which nothing stands twice: the items' texts, and the part of an item that is compared.
_ONCE: tuple[tuple[Path, Path], ...] = (
    (("scope", "includes"), ()),
    (("scope", "excludes"), ("matter",)),
    (("consumer", "key", "scopes"), ()),
    (("widgets",), ("slug",)),
    (("channels", EACH, "carries"), ()),
)


def reference_findings(data: JsonValue) -> tuple[Finding, ...]:
    """All that does not fit within one spec, given as plain data."""
    return (
        *_classification(data),
        *_own_exclusions(data),
        *_undeclared(data),
        *_replacements(data),
        *_repeated(data),
        *_key_scopes(data),
        *_metadata(data),
        *_registration(data),
        *_channels(data),
    )


def _classification(data: JsonValue) -> Iterator[Finding]:
    slug = value_at(data, ("hub", "slug"))
    for pointer, function in texts(data, ("vsm", "vsm_function")):
        known = FUNCTION_OF.get(str(slug), function)
        if known != function:
            message = f"`{slug}` is the hub of the function {known}, not of {function}"
            yield Finding(rule="hub-function", message=message, pointer=pointer)
        belongs = next((system for one, system in SYSTEM_OF.items() if one == function), None)
        for place, system in texts(data, ("vsm", "vsm_system")):
            if belongs and system != belongs:
                message = f"the function {function} belongs to system {belongs}, not {system}"
                yield Finding(rule="vsm-system", message=message, pointer=place)


def _own_exclusions(data: JsonValue) -> Iterator[Finding]:
    slug = value_at(data, ("hub", "slug"))
    for pointer, owner in texts(data, ("scope", "excludes", EACH, "owner")):
        if owner == slug:
            yield Finding(rule="own-exclusion", message=f"what {slug} excludes cannot be its own", pointer=pointer)


def _undeclared(data: JsonValue) -> Iterator[Finding]:
    for rule, path, place in _DECLARED:
        declared = mapping_at(data, place)
        if declared is None:
            continue
        for pointer, name in texts(data, path):
            if name not in declared:
                message = f"{quoted(name)} is not declared in `{path_text(place)}`"
                yield Finding(rule=rule, message=message, pointer=pointer, hint=did_you_mean(name, declared))


def _replacements(data: JsonValue) -> Iterator[Finding]:
    for pointer, instead in texts(data, ("vocabulary", EACH, EACH, "deprecated", "replaced_by")):
        place, name = pointer[:2], pointer[2]
        terms = mapping_at(data, place) or {}
        if instead == name:
            yield Finding(rule="replaced-by", message=f"`{name}` cannot replace itself", pointer=pointer)
        elif instead not in terms:
            message = f"{quoted(instead)} is not declared in `{path_text(place)}`"
            yield Finding(rule="replaced-by", message=message, pointer=pointer, hint=did_you_mean(instead, terms))


def _repeated(data: JsonValue) -> Iterator[Finding]:
    for path, part in _ONCE:
        for at, _ in parts(data, path):
            first: dict[str, Pointer] = {}
            for pointer, text in texts(data, (*at, EACH, *part)):
                if first.setdefault(text, pointer) != pointer:
                    message = f"{quoted(text)} is here twice; it is `{path_text(first[text])}` already"
                    yield Finding(rule="duplicate", message=message, pointer=pointer)


def _key_scopes(data: JsonValue) -> Iterator[Finding]:
    slug = value_at(data, ("hub", "slug"))
    own = ("framework:read", f"hub:{slug}:read", f"hub:{slug}:write")
    for pointer, scope in texts(data, ("consumer", "key", "scopes", EACH)):
        if isinstance(slug, str) and scope not in own:
            message = f"the key of {slug} cannot have the scope {quoted(scope)}"
            hint = did_you_mean(scope, own) or f"it takes {', '.join(own)}"
            yield Finding(rule="key-scope", message=message, pointer=pointer, hint=hint)


def _metadata(data: JsonValue) -> Iterator[Finding]:
    for pointer, metadata in parts(data, ("widgets", EACH, "metadata")):
        text = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))
        size = len(text.encode())
        if "\\u0000" in text and "\0" in _all_text(metadata):
            message = f"`{path_text(pointer)}` holds the character U+0000, which cannot be stored"
            yield Finding(rule="metadata", message=message, pointer=pointer)
        elif size > METADATA_LIMIT:
            message = f"`{path_text(pointer)}` is {size} bytes long as JSON; at most {METADATA_LIMIT} are taken"
            yield Finding(rule="metadata", message=message, pointer=pointer)


def _all_text(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "".join(value) + "".join(map(_all_text, value.values()))
    if isinstance(value, list):
        return "".join(map(_all_text, value))
    return value if isinstance(value, str) else ""


def _registration(data: JsonValue) -> Iterator[Finding]:
    slugs = [slug for _, slug in texts(data, ("widgets", EACH, "slug"))]
    for pointer, widget in texts(data, ("registration", "widget")):
        if widget not in slugs:
            message = f"{quoted(widget)} is not the slug of one of `widgets`"
            hint = did_you_mean(widget, slugs)
            yield Finding(rule="registration", message=message, pointer=pointer, hint=hint)


def _channels(data: JsonValue) -> Iterator[Finding]:
    slug = value_at(data, ("hub", "slug"))
    seen: dict[tuple[str, str], Pointer] = {}
    for pointer, to in texts(data, ("channels", EACH, "to")):
        if to == slug:
            yield Finding(rule="channel", message="a channel leads to another hub, not to its own", pointer=pointer)
        at = pointer[:-1]
        ends = (str(value_at(data, (*at, "kind"))), to)
        if seen.setdefault(ends, at) != at:
            message = f"a channel of kind {ends[0]} to {to} is here twice; it is `{path_text(seen[ends])}` already"
            yield Finding(rule="duplicate", message=message, pointer=at)

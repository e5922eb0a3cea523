"""What the entries of an inventory say about each other, and whether it fits. Plain data in, findings out."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, path_text, quoted
from vsmhub.spec.inventory.document import SECTIONS
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.facts import UNKNOWN
from vsmhub.spec.inventory.links import LINKS
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import EACH, Path, mapping_at, parts, texts, value_at


def stated(data: JsonValue, path: Path) -> Iterator[tuple[Pointer, str]]:
    """The texts that the facts at `path` hold, one by one where they are lists; unknown ones are passed over."""
    for pointer, written in parts(data, path):
        if written == UNKNOWN:
            continue
        at = (*pointer, "value") if isinstance(written, dict) else pointer
        held = value_at(data, at)
        yield from texts(data, (*at, EACH) if isinstance(held, list) else at)


def inventory_findings(data: JsonValue) -> tuple[Finding, ...]:
    """All that does not fit within one inventory, given as plain data."""
    return (
        *_sources(data),
        *_keys(data),
        *_refs(data),
        *_repeated(data),
        *_own(data),
        *_once(data, ("widget",), "is the widget of two entries"),
        *_deployed_twice(data),
        *_standing_still(data),
    )


def _sources(data: JsonValue) -> Iterator[Finding]:
    known = mapping_at(data, ("sources",))
    repositories = mapping_at(data, ("repositories",))
    if known is not None:
        for section in SECTIONS.values():
            for pointer, name in _named(value_at(data, (section,)), "source", (section,)):
                if name not in known:
                    message = f"{quoted(name)} is not one of `sources`"
                    yield Finding(rule="source", message=message, pointer=pointer, hint=did_you_mean(name, known))
    if repositories is not None:
        for pointer, name in texts(data, ("sources", EACH, "repository")):
            if name not in repositories:
                yield _missing("source", pointer, name, EntryKind.REPOSITORY, repositories)


def _named(value: JsonValue, key: str, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Every text under the key `key`, however deep."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _named(item, key, (*at, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            # An entry may be called `source`: what stands there is a mapping then.
            if name == key and isinstance(item, str):
                yield (*at, name), item
            else:
                yield from _named(item, key, (*at, name))


def _keys(data: JsonValue) -> Iterator[Finding]:
    """Keys of one kind that no entry has."""
    for link in LINKS:
        kind = link.targets[0]
        known = mapping_at(data, (SECTIONS[kind],))
        if len(link.targets) > 1 or known is None:
            continue
        for pointer, key in stated(data, (SECTIONS[link.holder], EACH, link.field)):
            if key not in known:
                yield _missing("reference", pointer, key, kind, known)


def _missing(rule: str, pointer: Pointer, key: str, kind: EntryKind, known: Mapping[str, object]) -> Finding:
    message = f"there is no {_word(kind)} {quoted(key)} in `{SECTIONS[kind]}`"
    return Finding(rule=rule, message=message, pointer=pointer, hint=did_you_mean(key, known))


def _word(kind: EntryKind) -> str:
    return kind.replace("-", " ")


def _refs(data: JsonValue) -> Iterator[Finding]:
    """Kinds and keys that no entry has, or that cannot stand where they do."""
    known = {f"{kind}/{key}" for kind, section in SECTIONS.items() for key in mapping_at(data, (section,)) or {}}
    for link in LINKS:
        for pointer, ref in stated(data, (SECTIONS[link.holder], EACH, link.field)) if len(link.targets) > 1 else ():
            kind, _, key = ref.partition("/")
            if not key:
                continue  # its shape is wrong, which the model says
            if kind not in link.targets:
                message = f"`{path_text(pointer)}` cannot be {quoted(ref)}"
                hint = did_you_mean(kind, link.targets) or f"it takes {', '.join(link.targets)}"
                yield Finding(rule="reference", message=message, pointer=pointer, hint=hint)
            elif ref not in known:
                found = did_you_mean(ref, sorted(one for one in known if one.partition("/")[0] in link.targets))
                message = f"there is no {_word(EntryKind(kind))} {quoted(key)}"
                yield Finding(rule="reference", message=message, pointer=pointer, hint=found)


def _repeated(data: JsonValue) -> Iterator[Finding]:
    """Lists in which something stands twice."""
    for section in SECTIONS.values():
        for pointer, entry in parts(data, (section, EACH)):
            for field in entry if isinstance(entry, dict) else ():
                first: dict[str, Pointer] = {}
                for at, text in stated(data, (*pointer, field)):
                    if first.setdefault(text, at) != at:
                        message = f"{quoted(text)} is here twice; it is `{path_text(first[text])}` already"
                        yield Finding(rule="duplicate", message=message, pointer=at)


def _own(data: JsonValue) -> Iterator[Finding]:
    for pointer, ref in stated(data, ("services", EACH, "depends_on")):
        if ref == f"{EntryKind.SERVICE}/{pointer[1]}":
            yield Finding(rule="reference", message="a service cannot depend on itself", pointer=pointer)


def _once(data: JsonValue, path: Path, what: str) -> Iterator[Finding]:
    first: dict[str, Pointer] = {}
    for section in SECTIONS.values():
        for pointer, text in texts(data, (section, EACH, *path)):
            if first.setdefault(text, pointer) != pointer:
                message = f"{quoted(text)} {what}; it is `{path_text(first[text])}` already"
                yield Finding(rule="duplicate", message=message, pointer=pointer)


def _deployed_twice(data: JsonValue) -> Iterator[Finding]:
    first: dict[tuple[str, str], Pointer] = {}
    for pointer, service in texts(data, ("deployments", EACH, "service")):
        for at, environment in stated(data, (*pointer[:2], "environment")):
            if first.setdefault((service, environment), pointer[:2]) != pointer[:2]:
                known = path_text(first[service, environment])
                message = f"the service {service} is deployed into {environment} already, by `{known}`"
                yield Finding(rule="duplicate", message=message, pointer=at)


def _standing_still(data: JsonValue) -> Iterator[Finding]:
    for pointer, origin in texts(data, ("migration_waves", EACH, "origin")):
        if value_at(data, (*pointer[:-1], "destination")) == origin:
            message = "a migration wave leads from one environment to another"
            yield Finding(rule="reference", message=message, pointer=(*pointer[:-1], "destination"))

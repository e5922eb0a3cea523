"""What a new hub's surroundings tell about it: where it goes, and which defaults they change."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from vsmhub.render.questions import Answers, Question
from vsmhub.render.template import Form
from vsmhub.spec.model import HubSpec
from vsmhub.spec.names import DOMAIN_PATTERN

HUBS = "hubs"
SCHEMA = "docs/schemas/hub.v1.schema.json"
SCHEMA_FILE = "hub.schema.json"
_IN_HUB = re.compile(r"^  (prefix|domain): *(\S+) *$", re.MULTILINE)


def home(form: Form, answers: Answers, here: Path) -> Path:
    """Where a new hub goes when nobody says: `hubs/<prefix>` of the constellation, or a folder named like the hub."""
    if form is Form.STANDALONE:
        return Path(answers["slug"])
    return Path(answers["prefix"]) if here.name == HUBS else Path(HUBS, answers["prefix"])


def fitted(questions: Sequence[Question], form: Form, here: Path, into: Path | None) -> tuple[Question, ...]:
    """The questions with the defaults that the constellation around `here` gives them, if there is one.

    The domain is below the one that all hubs share, and the schema the constellation's.
    """
    if form is Form.STANDALONE:
        return tuple(questions)
    root = here.parent if here.name == HUBS else here
    changed = {}
    parents = set(_parent_domains(root / HUBS))
    if len(parents) == 1:
        changed["domain"] = "{{ prefix }}." + parents.pop()
    if into is None and (root / SCHEMA).is_file():
        changed["schema"] = f"../../{SCHEMA}"
    return tuple(replace(question, default=changed.get(question.name, question.default)) for question in questions)


def schema_from(folder: Path) -> str:
    """Where editors find the schema from a hub's folder: the constellation's, or one beside it, as updates write it."""
    there = folder.resolve()
    schema = there.parent.parent / SCHEMA
    return os.path.relpath(schema, there) if schema.is_file() else SCHEMA_FILE


def answers_of(spec: HubSpec, folder: Path) -> Answers:
    """What a hub that is described already answers to a template's questions."""
    schema = schema_from(folder)
    told = {
        "slug": spec.hub.slug,
        "prefix": spec.hub.prefix,
        "hub_name": spec.hub.name,
        "vsm_function": spec.vsm.vsm_function.value,
        "domain": spec.hub.domain,
        "purpose": spec.scope.purpose,
    }
    return told if schema == SCHEMA_FILE else {**told, "schema": schema}


def _parent_domains(hubs: Path) -> Iterator[str]:
    """The domain below which each hub's own is, for hubs whose domain begins with their prefix."""
    for file in sorted(hubs.glob("*/hub.yaml")):
        try:
            told = dict(_IN_HUB.findall(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            continue
        prefix, domain = told.get("prefix", ""), told.get("domain", "")
        if prefix and domain.startswith(f"{prefix}.") and re.fullmatch(DOMAIN_PATTERN[1:-1], domain):
            yield domain.removeprefix(f"{prefix}.")

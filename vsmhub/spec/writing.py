"""A spec as the text of a `hub.yaml` that reads back as the same spec."""

import json
from pathlib import Path
from typing import Any

import yaml

from vsmhub.spec.file_names import HUB_FILE
from vsmhub.spec.load import parse_hub
from vsmhub.spec.model import HubSpec

WIDTH = 110
HEAD = "# yaml-language-server: $schema={schema}\n# {remark}\n"


def hub_yaml(spec: HubSpec, *, remark: str, schema: str) -> str:
    """The text, with what is as it would be anyway left out; `remark` is one line for people, on top.

    `schema` is where editors find the JSON Schema, as a path or a URL.
    """
    document = spec.model_dump(mode="json", exclude_defaults=True)
    # Said in each spec, though it could be left out.
    document["vsm"] = spec.vsm.model_dump(mode="json")
    for terms in document["vocabulary"].values():
        for name, term in terms.items():
            terms[name] = term["description"] if set(term) == {"description"} else term
    head = HEAD.format(schema=schema, remark=remark)
    parts = [_dumped({key: document[key]}) for key in HubSpec.model_fields if key in document]
    text = head + parts[0] + "\n" + "\n".join(parts[1:])
    if _reads_back(text, spec):
        return text
    # Every JSON document is YAML: less to look at, and nothing in it can be taken for something else.
    return head + json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _dumped(part: dict[str, Any]) -> str:
    return str(yaml.safe_dump(part, sort_keys=False, allow_unicode=True, width=WIDTH))


def _reads_back(text: str, spec: HubSpec) -> bool:
    from vsmhub.spec.errors import SpecError

    try:
        return parse_hub(text, Path(HUB_FILE)) == spec
    except SpecError:
        return False

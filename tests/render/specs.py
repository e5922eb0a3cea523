"""Specs to render: the real one, and any with texts that a template could trip over."""

import json
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.spec.examples import hub_data
from vsmhub.spec.load import load_hub
from vsmhub.spec.model import HubSpec

HUBS = Path(__file__).parents[2] / "hubs"
MARKUP = [*"`|<>\\\"'{}#%*_[]()!~&$:;-=é😀 ab", "```", '"""', "{{", "{%", "\\n", "-->", "EVENT", "''"]

LINES = (
    st.lists(st.sampled_from(MARKUP), min_size=1, max_size=8).map("".join).filter(lambda text: bool(text.strip(" ")))
)
FEW = settings(max_examples=40, deadline=None)
"""Each example costs some milliseconds."""

TEXTS = st.lists(st.sampled_from([*MARKUP, "\n", "\n\n"]), max_size=10).map("".join)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | LINES,
    lambda inner: st.lists(inner) | st.dictionaries(LINES, inner),
    max_leaves=5,
)


def ops() -> HubSpec:
    """The real one."""
    return load_hub(HUBS / "ops")


def spec_of(data: dict[str, Any]) -> HubSpec:
    return HubSpec.model_validate_json(json.dumps(data))


@st.composite
def specs(draw: st.DrawFn) -> HubSpec:
    """The small example with other texts in every place that takes free text, and an odd name here and there."""
    data = hub_data()
    data["hub"] |= {"name": draw(LINES), "description": draw(TEXTS)}
    data["scope"] |= {"purpose": draw(LINES), "includes": draw(st.lists(LINES, max_size=2))}
    data["consumer"] = {"name": draw(LINES), "key": {"name": draw(LINES), "scopes": ["framework:read"]}}
    terms = data["vocabulary"]["event_types"]
    terms["xyz-claimed"]["description"] = draw(LINES)
    terms["xyz-3d-seen"] = {
        "description": draw(LINES),
        "deprecated": {
            "since": "1.0.0",
            "replaced_by": draw(st.sampled_from([None, "xyz-claimed"])),
            "reason": draw(LINES),
        },
    }
    data["vocabulary"]["annotation_categories"] = draw(
        st.sampled_from([{}, {"xyz-class": {"description": draw(LINES)}}])
    )
    data["widgets"][0] |= {
        "name": draw(LINES),
        "view_context": draw(LINES),
        "metadata": draw(st.dictionaries(LINES, JSONS)),
    }
    data["manifest"]["version"] = draw(st.sampled_from(["1.0.0", "2.1.3-rc.1", "1.0.0-alpha", "0.0.1-x.7"]))
    return spec_of(data)

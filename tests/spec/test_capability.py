"""The manifest's content is what Inter-Hub takes, and says everything that the spec says about the vocabulary."""

import json
import uuid
from typing import Any

import pytest
from pydantic import ValidationError

from vsmhub.interhub.contracts.capability import Capability
from vsmhub.interhub.messages.framework import ManifestCreate
from vsmhub.interhub.messages.limits import METADATA_LIMIT
from vsmhub.spec.capability import CAPABILITY_LIMIT, capability, manifest_content
from vsmhub.spec.model import HubSpec

SPEC: dict[str, Any] = {
    "spec": "vsmhub/hub/v1",
    "hub": {"slug": "xyz-hub", "name": "Xyz Hub", "prefix": "xyz", "domain": "xyz.example.org"},
    "vsm": {"vsm_function": "AUD", "vsm_system": "S3*"},
    "scope": {
        "purpose": "Independent evidence",
        "includes": ["sampling"],
        "excludes": [{"matter": "control", "owner": "ctl-hub"}, {"matter": "luck"}],
    },
    "manifest": {"version": "1.2.0"},
    "vocabulary": {
        "widget_types": {"xyz-b": "A thing", "xyz-a": "Another"},
        "event_types": {
            "xyz-seen": {
                "description": "It was seen",
                "deprecated": {"since": "1.1.0", "replaced_by": "xyz-observed", "reason": "Seen by whom?"},
            },
            "xyz-observed": "It was observed",
        },
        "policy_scopes": {"xyz-all": "Everything"},
    },
    "consumer": {"name": "xyz", "key": {"name": "first", "scopes": ["framework:read"]}},
    "registration": {"event_type": "xyz-observed", "widget": "xyz-one"},
}


def spec_with(**changes: dict[str, Any]) -> HubSpec:
    return HubSpec.model_validate_json(json.dumps(SPEC | changes))


def test_capability_says_what_the_spec_says() -> None:
    assert capability(spec_with()) == {
        "hub_family": "vsm",
        "vsm_function": "AUD",
        "vsm_system": "S3*",
        "scope": {
            "purpose": "Independent evidence",
            "includes": ["sampling"],
            "excludes": [{"matter": "control", "owner": "ctl-hub"}, {"matter": "luck"}],
        },
        "registration": {"event_type": "xyz-observed", "widget": "xyz-one"},
        "descriptions": {
            "widget_types": {"xyz-b": "A thing", "xyz-a": "Another"},
            "event_types": {"xyz-seen": "It was seen", "xyz-observed": "It was observed"},
            "policy_scopes": {"xyz-all": "Everything"},
        },
        "deprecated": {
            "event_types": {"xyz-seen": {"since": "1.1.0", "replaced_by": "xyz-observed", "reason": "Seen by whom?"}}
        },
    }


def test_how_long_events_are_kept_is_told_by_policy_scope() -> None:
    scopes = {"xyz-all": "Everything", "xyz-some": {"description": "Some", "retention_days": 30}}
    found = capability(spec_with(vocabulary=SPEC["vocabulary"] | {"policy_scopes": scopes}))
    assert found["retention_days"] == {"xyz-some": 30}
    assert Capability.model_validate(found).retention_days == {"xyz-some": 30}
    for days in (0, -1, 1.5, "30", 40_000):
        wrong = {"xyz-all": {"description": "Everything", "retention_days": days}}
        with pytest.raises(ValidationError):
            spec_with(vocabulary=SPEC["vocabulary"] | {"policy_scopes": wrong})
    with pytest.raises(ValidationError):  # of the other vocabularies nothing is kept
        spec_with(
            vocabulary=SPEC["vocabulary"] | {"widget_types": {"xyz-a": {"description": "A", "retention_days": 1}}}
        )


def test_manifest_content_is_what_interhub_takes_in_the_specs_order() -> None:
    content = manifest_content(spec_with())
    message = ManifestCreate.model_validate({"hubId": str(uuid.UUID(int=1)), **content})
    assert message.widget_types == ["xyz-b", "xyz-a"]
    assert message.event_types == ["xyz-seen", "xyz-observed"]
    assert message.annotation_categories == []
    assert message.policy_scopes == ["xyz-all"]
    assert message.version == "1.2.0"
    assert message.capability == capability(spec_with())


def test_descriptions_that_do_not_fit_are_left_out() -> None:
    long = {f"xyz-{number}": "ü" * 100 for number in range(999)}
    found = capability(spec_with(vocabulary={"event_types": {"xyz-observed": "It was observed", **long}}))
    assert "descriptions" not in found
    assert found["vsm_function"] == "AUD"


def test_the_limit_is_interhubs() -> None:
    assert CAPABILITY_LIMIT == METADATA_LIMIT

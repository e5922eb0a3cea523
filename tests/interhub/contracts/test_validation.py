"""What is wrong with a document is said all at once, each with its place."""

import pytest
from pydantic import JsonValue

from vsmhub.interhub.contracts.errors import ContractError, Fault
from vsmhub.interhub.contracts.validation import demand, faults

EVENT: dict[str, JsonValue] = {"widgetId": "0197f0a0-0000-7000-8000-000000000001", "eventType": "ops-endpoint-verified"}


def test_a_document_that_fulfils_the_contract_has_no_faults() -> None:
    assert faults("interaction-event-v1", {**EVENT, "metadata": {"expectedStatus": 401}}) == ()
    demand("interaction-event-v1", EVENT, called="an event")


def test_every_fault_is_named_with_its_pointer() -> None:
    found = faults("interaction-event-v1", {"widgetId": "7", "eventType": "Verified", "metadata": [], "a/b~c": 1})
    assert [fault.pointer for fault in found] == ["", "/eventType", "/metadata", "/widgetId"]
    assert "a/b~c" in found[0].message


def test_a_line_break_at_the_end_is_no_part_of_a_name() -> None:
    assert [fault.pointer for fault in faults("interaction-event-v1", {**EVENT, "eventType": "ops-seen\n"})] == [
        "/eventType"
    ]


def test_demand_says_document_contract_and_faults() -> None:
    with pytest.raises(ContractError) as caught:
        demand("annotation-v1", {}, called="hubs/ops/generated/x.json")
    assert caught.value.exit_code == 1
    assert "hubs/ops/generated/x.json" in caught.value.message
    assert "annotation-v1" in caught.value.hint
    assert Fault("", "'body' is a required property") in caught.value.faults
    assert "/: 'body' is a required property" in caught.value.message


@pytest.mark.parametrize(
    ("contract", "document", "pointer"),
    [
        ("interaction-event-v1", {**EVENT, "metadata": {"a": "x" * 65_536}}, "/metadata"),
        (
            "widget-seeds-v1",
            {
                "hub": "ops-hub",
                "items": [
                    {
                        "slug": "a",
                        "name": "A",
                        "widgetType": "a",
                        "policyScope": "a",
                        "viewContext": "a",
                        "metadata": {"a": "ü" * 32_768},
                    }
                ],
            },
            "/items/0/metadata",
        ),
    ],
)
def test_what_is_too_large_is_a_fault_though_a_schema_cannot_tell(
    contract: str, document: JsonValue, pointer: str
) -> None:
    (fault,) = faults(contract, document)
    assert (fault.pointer, fault.message) == (pointer, "holds 65544 bytes as JSON; at most 65536 are taken")

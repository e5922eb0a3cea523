"""What the entries of an inventory are to each other."""

from typing import get_args

from tests.spec.inventory.examples import INVENTORY
from vsmhub.spec.inventory.document import SECTIONS, Inventory
from vsmhub.spec.inventory.links import LINKS
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.inventory.relations import environments, relations


def test_relations_are_read_from_the_first_to_the_second() -> None:
    found = [f"{one.subject} {one.kind} {one.target}" for one in relations(parse_inventory(INVENTORY))]
    assert found == [
        "host/one part of environment/prod",
        "service/web owned by repository/tools",
        "service/web depends on service/store",
        "deployment/web-prod instance of service/web",
        "deployment/web-prod part of environment/prod",
        "deployment/web-prod runs on host/one",
        "deployment/web-prod uses datastore/data",
        "datastore/data runs on host/one",
    ]


def test_entries_are_where_what_they_belong_to_is() -> None:
    found = environments(parse_inventory(INVENTORY))
    where = {str(ref): places for ref, places in found.items()}
    assert where["deployment/web-prod"] == where["service/web"] == where["datastore/data"] == ("prod",)
    assert where["service/store"] == where["repository/tools"] == ()
    assert where["environment/next"] == ("next",)


def test_links_name_fields_that_exist() -> None:
    for link in LINKS:
        _, model = get_args(Inventory.model_fields[SECTIONS[link.holder]].annotation)
        assert link.field in model.model_fields, link

"""Targets that are given by their address: whose keys they are handed."""

import itertools

import pytest

from vsmhub.secrets.place import Place
from vsmhub.targets.choice import choose
from vsmhub.targets.settings import Settings, TargetSettings

OTHERS = (
    "https://hub.example.org",
    "https://hub-example.org",
    "https://hub.example-org",
    "http://hub.example.org",
    "https://hub.example.org:8443",
    "https://hub.example.org/other",
    "https://local",
    "https://production",
    "https://hub-example-org",
)
SAME = ("https://hub.example.org/", "https://hub.example.org/api/v2", "https://HUB.example.org/api/v2/")


def place(base: str) -> Place:
    return Place.of_operator(choose(None, base, Settings(), {}).name)


def test_no_address_is_handed_the_keys_of_another_or_of_a_name() -> None:
    places = [place(base) for base in OTHERS]
    places += [Place.of_operator(name) for name in ("local", "production", "hub-example-org")]
    for one, other in itertools.combinations(places, 2):
        assert one != other


@pytest.mark.parametrize("base", SAME)
def test_an_address_is_the_same_however_it_is_spelt(base: str) -> None:
    assert place(base) == place(OTHERS[0])


def test_an_address_of_a_named_target_has_that_ones_keys() -> None:
    settings = Settings(targets={"production": TargetSettings(base="https://hub.example.org/api/v2")})
    found = choose(None, "https://hub.example.org/", settings, {})
    assert (found.name, found.is_named) == ("production", True)

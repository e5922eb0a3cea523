"""Secrets that somebody else put into the environment."""

import pytest

from tests.secrets.records import HERE, KEY, RECORD
from vsmhub.secrets.environment import EnvironmentStore
from vsmhub.secrets.errors import BadSecret, ReadOnly
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord, encode
from vsmhub.secrets.secret import Secret


def test_each_place_has_its_variable() -> None:
    store = EnvironmentStore({"VSMHUB_KEY_OPS_HUB": KEY, "IHUB_OPERATOR_KEY": " ihk_operators \n"})
    assert store.get(HERE) == KeyRecord(Secret(KEY))
    assert store.get(Place.of_operator("production")) == KeyRecord(Secret("ihk_operators"))
    assert store.get(Place("local", "syn-hub")) is None


def test_an_empty_variable_is_none() -> None:
    assert EnvironmentStore({"VSMHUB_KEY_OPS_HUB": " "}).get(HERE) is None


def test_a_whole_record_will_do() -> None:
    assert EnvironmentStore({"VSMHUB_KEY_OPS_HUB": encode(RECORD).reveal()}).get(HERE) == RECORD


def test_what_is_no_key_is_told_by_its_variable() -> None:
    with pytest.raises(BadSecret, match="environment variable VSMHUB_KEY_OPS_HUB holds is not a key"):
        EnvironmentStore({"VSMHUB_KEY_OPS_HUB": "two\nlines"}).get(HERE)


def test_it_cannot_be_written_and_says_what_to_do() -> None:
    store = EnvironmentStore({})
    assert not store.writable
    for action in (store.prepare, store.delete, lambda place: store.put(place, RECORD)):
        with pytest.raises(ReadOnly, match="local/ops-hub") as caught:
            action(HERE)
        assert "VSMHUB_KEY_OPS_HUB" in caught.value.hint
        assert "file, keyring, command" in caught.value.hint

"""A vocabulary is found by any of its usual names."""

import pytest

from vsmhub.vocabulary.errors import NotPossible
from vsmhub.vocabulary.kinds import Kind, kind_called


@pytest.mark.parametrize("word", ["event-type", "event_type", "event-types", "event_types", " Event-Type "])
def test_names(word: str) -> None:
    assert kind_called(word) is Kind.EVENT_TYPE


def test_every_kind_by_its_key() -> None:
    assert [kind_called(kind.key) for kind in Kind] == list(Kind)


def test_no_kind() -> None:
    with pytest.raises(NotPossible) as caught:
        kind_called("colour")
    assert caught.value.hint.startswith("there are widget-type")

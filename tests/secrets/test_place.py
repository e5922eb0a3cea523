"""Names that no store can be tricked with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.secrets.errors import BadPlace
from vsmhub.secrets.place import KEBAB, LONGEST, Place, kebab

BAD = ["", "..", "a/b", "-x", "x-", "a--b", "A", "a b", "a;b", "$(x)", "{name}", "é", "a\n", "a\x00", "a" * 101]


@pytest.mark.parametrize("word", BAD)
def test_only_kebab_case_is_a_name(word: str) -> None:
    for target, name in (("local", word), (word, "ops-hub")):
        with pytest.raises(BadPlace, match="is not a name"):
            Place(target, name)


def test_a_hub_cannot_take_the_operators_place() -> None:
    with pytest.raises(BadPlace, match="operator's own"):
        Place.of_hub("local", "operator")
    assert Place.of_operator("local").is_operators
    assert not Place.of_hub("local", "ops-hub").is_operators


def test_a_name_stays_and_a_url_becomes_one() -> None:
    assert kebab("local") == "local"
    assert kebab("https://hub.coulomb.social/api/v2").startswith("hub-coulomb-social-api-v2-")
    assert str(Place.of_hub("http://127.0.0.1:8000", "ops-hub")).startswith("127-0-0-1-8000-")


@given(st.lists(st.text() | st.text("ab.-:/"), min_size=2, max_size=6, unique=True))
def test_another_target_is_another_place(targets: list[str]) -> None:
    words = [kebab(target) for target in targets]
    assert len(set(words)) == len(targets)
    assert all(KEBAB.fullmatch(word) and len(word) <= LONGEST for word in words)

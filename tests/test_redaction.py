"""What is taken out of a text, and what stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.redaction import HIDDEN, redact

LOOKS_SECRET = {
    "key ihk_abcdefghijklmnopqrstuvwxyz0123 here": f"key {HIDDEN} here",
    "Authorization: Bearer iht_short": f"Authorization: Bearer {HIDDEN}",
    "authorization: bearer  abc.def": f"authorization: bearer {HIDDEN}",
    '{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}': f'{{"secret":"{HIDDEN}"}}',
}


@pytest.mark.parametrize(("text", "clean"), LOOKS_SECRET.items())
def test_what_looks_like_a_secret_is_hidden(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_a_prefix_stays_readable() -> None:
    assert redact("key ihk_1a2b3c4d of ops-hub") == "key ihk_1a2b3c4d of ops-hub"


@given(st.lists(st.text(min_size=4), min_size=1, max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_nothing_known_is_left(secrets: list[str], between: list[str]) -> None:
    text = "".join(part for pair in zip(secrets, [*between, *secrets], strict=False) for part in pair)
    for part in redact(text, secrets).split(HIDDEN):
        assert not [secret for secret in secrets if secret in part]


def test_empty_values_hide_nothing() -> None:
    assert redact("plain", ["", ""]) == "plain"

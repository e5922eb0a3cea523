"""A time that passes only when a test lets it."""

import pytest

from tests.interhub.asking import Time


@pytest.fixture
def time() -> Time:
    return Time()

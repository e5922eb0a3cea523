"""A running Inter-Hub for the tests of planning, as an operator reaches it."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.plan.operators import Operator
from tests.server.serving import serving_fresh
from vsmhub.server.operator_key import mint_operator_key


@pytest.fixture(scope="module")
def operator(databases: Databases) -> Iterator[Operator]:
    """An operator with a key for an Inter-Hub of this module's own."""
    with (
        serving_fresh(databases) as running,
        Operator(running.socket, mint_operator_key(running.dsn).secret) as operator,
    ):
        yield operator

"""A running Inter-Hub for the tests of planning, as an operator reaches it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.plan.operators import Operator
from tests.server.serving import serving
from vsmhub.server.operator_key import mint_operator_key
from vsmhub.server.schema.migrate import migrate


@pytest.fixture(scope="module")
def operator(databases: Databases) -> Iterator[Operator]:
    """An operator with a key for an Inter-Hub of this module's own."""
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-test-", dir="/tmp"))
    try:
        with (
            databases.fresh(template=databases.template("inter_hub", migrate)) as dsn,
            serving(dsn, folder) as running,
            Operator(running.socket, mint_operator_key(dsn).secret) as operator,
        ):
            yield operator
    finally:
        shutil.rmtree(folder, ignore_errors=True)

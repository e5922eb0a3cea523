"""Services that are slow to start, once for each worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence import services
from tests.evidence.authority import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real registry that asks for a login."""
    with services.registry(tmp_path_factory.mktemp("registry")) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A folder of this test's own that every account may enter, as nginx's workers need it."""
    tmp_path.chmod(0o755)
    return tmp_path

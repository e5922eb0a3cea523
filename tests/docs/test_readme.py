"""What the README quotes is there as it stands."""

import re

from tests.docs.documents import REPOSITORY


def test_the_lines_of_a_hub_are_those_of_ops_hub() -> None:
    (quoted,) = re.findall(r"^```yaml\n(.*?)^```$", (REPOSITORY / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    lines = (REPOSITORY / "hubs" / "ops" / "hub.yaml").read_text().splitlines()
    assert quoted.splitlines()
    assert set(quoted.splitlines()) <= set(lines)

"""Hubs that go on to be used are held to every rule, also those between them."""

from pathlib import Path

import pytest

from tests.spec.examples import HUB, hub_text
from vsmhub.spec.errors import SpecError
from vsmhub.vocabulary.checking import load_checked


def test_all_complaints_about_all_hubs(tmp_path: Path) -> None:
    for name, text in {"a": HUB, "b": HUB.replace("xyz-", "abc-").replace("to: abc-hub", "to: xyz-hub")}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "hub.yaml").write_text(text)
    (folder,) = load_checked([tmp_path / "a"])
    assert folder.hub.hub.slug == "xyz-hub"
    with pytest.raises(SpecError) as caught:
        load_checked([tmp_path / "a", tmp_path / "b", tmp_path / "c"])
    rules = [complaint.rule for complaint in caught.value.complaints]
    assert rules == ["prefix-owner", *["name-prefix"] * 5, "file"]
    (tmp_path / "b" / "hub.yaml").write_text(hub_text(("slug: xyz-hub", "slug: abc-hub"), ("hub:xyz", "hub:abc")))
    with pytest.raises(SpecError, match="belongs to xyz-hub"):
        load_checked([tmp_path / "a", tmp_path / "b"])

"""aud-hub is described well enough to be applied."""

from pathlib import Path

from vsmhub.spec.load import load_hub

HUB = Path(__file__).parent.parent


def test_the_description_holds_together() -> None:
    spec = load_hub(HUB)
    assert spec.hub.slug == "aud-hub"
    assert spec.vsm.vsm_function == "AUD"


def test_every_name_is_this_hubs_own() -> None:
    vocabulary = load_hub(HUB).vocabulary
    names = [
        *vocabulary.widget_types,
        *vocabulary.event_types,
        *vocabulary.annotation_categories,
        *vocabulary.policy_scopes,
    ]
    assert all(name.startswith("aud-") for name in names)

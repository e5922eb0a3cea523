"""A hub with an inventory, gates and signals, as a folder that has been read."""

from pathlib import Path

from tests.spec.gates.examples import HUB, WITH_WAVE
from vsmhub.evidence.catalog import Catalog
from vsmhub.spec.folder import HubFolder
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.load import parse_hub
from vsmhub.spec.signals import Signals

MORE = """\
endpoints:
  web:
    {name: Web, source: book, owner: tools, state: live, deployment: web-prod, url: "https://web.example.org/",
     protocol: https, exposure: public, authentication: none, tls_issuer: unknown, dns_source: unknown}
backups:
  data:
    {name: Backup of the data, source: book, owner: unknown, protects: data, runs: unknown, restore_tests: unknown,
     policy: {schedule: unknown, retention: unknown, destination: unknown, tool: unknown}}
"""
TYPES = """\
    xyz-host: A host
    xyz-endpoint: An endpoint
    xyz-backup-set: Backups
    xyz-service-catalog: The catalog
  event_types:
    xyz-health-checked: Somebody looked
    xyz-endpoint-verified: It answered
    xyz-backup-verified: It is there
    xyz-restore-tested: It came back
    xyz-inventory-updated: It changed
"""
CATEGORIES = """\
  annotation_categories:
    xyz-service-catalog-gap: Not listed
    xyz-backup-gap: Not kept
    xyz-recovery-gap: Not brought back
"""
HUB_TEXT = HUB.replace("  event_types:\n", TYPES).replace("  annotation_categories: {}\n", CATEGORIES)
SIGNAL = {
    "name": "looks",
    "why": "w",
    "fix": "f",
    "about": "web",
    "probe": {"http": {"url": "https://web.example.org/"}},
    "expect": ("status == 200",),
    "emits": ({"event": "xyz-endpoint-verified", "widget": "xyz-main"},),
}


def world(*changes: tuple[str, str], signals: bool = False, hub: str = HUB_TEXT) -> HubFolder:
    """The example with each `(old, new)` put into its inventory; `old` must be there."""
    text = WITH_WAVE + MORE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    found = Signals.model_validate({"spec": "vsmhub/signals/v1", "signals": (SIGNAL,)}, strict=False)
    return HubFolder(
        path=Path("hub"), hub=parse_hub(hub), inventory=parse_inventory(text), signals=found if signals else None
    )


def catalog(*changes: tuple[str, str], signals: bool = False) -> Catalog:
    return Catalog(world(*changes, signals=signals))

"""A hub's `inventory.yaml` as a value, or all that is wrong with it."""

from pathlib import Path

from vsmhub.spec import reading
from vsmhub.spec.file_names import INVENTORY_FILE
from vsmhub.spec.inventory.document import INVENTORY_FORMAT, Inventory
from vsmhub.spec.inventory.references import inventory_findings
from vsmhub.spec.reading import Kind

INVENTORY = Kind(file_name=INVENTORY_FILE, format=INVENTORY_FORMAT, model=Inventory, rules=inventory_findings)


def parse_inventory(text: str, file: Path = Path(INVENTORY_FILE)) -> Inventory:
    """The inventory that `text` holds; `file` is for the complaints. SpecError with all of them when there is one."""
    return reading.read_text(INVENTORY, text, file).value()

"""Every kind of file in a hub's folder, by the name that commands and schemas call it."""

from collections.abc import Mapping
from typing import Any

from vsmhub.spec.gates.load import GATES
from vsmhub.spec.inventory.load import INVENTORY
from vsmhub.spec.load import HUB
from vsmhub.spec.reading import Kind
from vsmhub.spec.signals_file import SIGNALS

KINDS: Mapping[str, Kind[Any]] = {"hub": HUB, "inventory": INVENTORY, "signals": SIGNALS, "gates": GATES}
